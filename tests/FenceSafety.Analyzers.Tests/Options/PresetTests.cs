using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Options;

/// <summary>What a mode of the package sets counts only where the user has said nothing.</summary>
public class PresetTests
{
    const string Preset = "fence_safety.preset.managed_allocations";

    const string Blocking = """
        class C
        {
            readonly SpinGate _gate = new();
            Node _node;

            void Push()
            {
                _gate.Enter();
                _node = {|FENCE006:new Node()|};
                _gate.Leave();
            }
        }
        """;

    static readonly string s_silent = Blocking.Replace("{|FENCE006:new Node()|}", "new Node()", StringComparison.Ordinal);

    [Fact]
    public Task Preset_counts_where_nothing_else_is_said() => new FenceTest(Blocking).WithOption(Preset, "blocking").RunAsync();

    [Fact]
    public Task A_global_config_counts_more() => new FenceTest(s_silent)
        .WithOption(Preset, "blocking").WithOption("fence_safety.managed_allocations", "report").RunAsync();

    [Fact]
    public Task A_property_counts_more() => new FenceTest(s_silent)
        .WithOption(Preset, "blocking").WithOption("build_property.FenceSafetyManagedAllocations", "report").RunAsync();

    [Fact]
    public Task A_section_counts_more()
    {
        var test = new FenceTest(s_silent).WithOption(Preset, "blocking");
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\nfence_safety.managed_allocations = report"));
        return test.RunAsync();
    }

    [Fact]
    public Task A_preset_that_does_not_exist_is_reported() => new FenceTest(s_silent)
        .WithOption(Preset, "sometimes")
        .Expecting(new DiagnosticResult("FENCE010").WithMessageContaining(Preset).WithMessageContaining("report, ignore")).RunAsync();
}
