using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Tests;

/// <summary>The map of slots, against a dictionary.</summary>
public class SlotMapTests
{
    [Fact]
    public void Random_maps_are_what_a_dictionary_says()
    {
        var random = new Random(20261121);
        for (int round = 0; round < 300; round++)
        {
            var (a, x) = Make(random);
            var (b, y) = Make(random);
            var both = new Dictionary<int, RefSet>(x);
            foreach (var (slot, value) in y)
                both[slot] = both.TryGetValue(slot, out var old) ? old.Union(value) : value;

            Same(x, a);
            Same(both, a.Union(b));
            Assert.True(a.Union(b).SameAs(b.Union(a)));
            Assert.Equal(x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var v) && v.Equals(p.Value)), a.SameAs(b));
        }
    }

    [Fact]
    public void What_is_equal_is_kept()
    {
        var map = Enumerable.Range(0, 1000).Aggregate(SlotMap.Empty, (m, i) => m.SetItem(i, Value(i)));
        Assert.Same(map, map.SetItem(500, Value(500)));
        Assert.Same(map, map.Union(map.SetItem(500, Value(500))));
        Assert.Same(map, map.Union(SlotMap.Empty.SetItem(7, Value(7))));
        Assert.False(map.SameAs(map.SetItem(500, Value(501))));
    }

    [Fact]
    public void A_slot_of_nothing_is_there_all_the_same()
    {
        var map = SlotMap.Empty.SetItem(-2, RefSet.Empty);
        Assert.True(map.ContainsKey(-2));
        Assert.False(map.SameAs(SlotMap.Empty));
    }

    static (SlotMap, Dictionary<int, RefSet>) Make(Random random)
    {
        var map = SlotMap.Empty;
        var same = new Dictionary<int, RefSet>();
        for (int i = random.Next(40); i > 0; i--)
        {
            // Few keys, some of them negative, as pseudo slots are.
            int slot = random.Next(-8, 24) * (random.Next(4) == 0 ? 1000 : 1);
            var value = Value(random.Next(5));
            map = map.SetItem(slot, value);
            same[slot] = value;
        }

        return (map, same);
    }

    static RefSet Value(int i) => i == 0 ? RefSet.Empty : RefSet.Of(Ref.Parameter(i));

    static void Same(Dictionary<int, RefSet> expected, SlotMap actual)
    {
        for (int slot = -8000; slot < 24000; slot++)
        {
            Assert.Equal(expected.TryGetValue(slot, out var value), actual.TryGetValue(slot, out var found));
            Assert.Equal(value, found);
            if (slot == 40)
                slot = 999;
            else if (slot > 40)
                slot += 999;
            else if (slot < -8)
                slot = slot < -1000 ? slot + 999 : -9;
        }
    }
}
