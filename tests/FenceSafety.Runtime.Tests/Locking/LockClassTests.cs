using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests.Locking;

public sealed class LockClassTests
{
    [Fact]
    public void Equal_names_are_one_class_and_subclasses_are_apart()
    {
        Assert.Same(LockClass.Of("test.same"), new SleepingMutex("test.same").Class);
        Assert.NotSame(LockClass.Of("test.same"), LockClass.Of("test.other"));
        Assert.NotSame(LockClass.Of("test.same"), LockClass.Of("test.same", subclass: 1));
        Assert.Equal("test.same/1", LockClass.Of("test.same", subclass: 1).ToString());
    }

    [Fact]
    public void The_promise_of_fence_safety_stays()
    {
        LockClass unsaid = LockClass.Of("test.promise");
        Assert.False(unsaid.IsFenceSafe);
        LockClass.Of("test.promise", fenceSafe: true);
        Assert.True(unsaid.IsFenceSafe);
        Assert.True(LockClass.Of("test.promise").IsFenceSafe);
    }

    [Fact]
    public void Bad_input_names_the_argument()
    {
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => LockClass.Of(" ")).ParamName);
        Assert.Equal("subclass", Assert.Throws<ArgumentOutOfRangeException>(() => LockClass.Of("x", -1)).ParamName);
        Assert.Equal("lockClass", Assert.Throws<ArgumentNullException>(() => new SleepingMutex((LockClass)null!)).ParamName);
    }
}
