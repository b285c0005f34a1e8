using System.Collections.Immutable;
using FenceSafety.Core;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Differential.Tests.Power;

/// <summary>A program as an engine with a defect would see it.</summary>
internal sealed class DefectiveProgram(IProgram program, Defect defect, SourcePlaces places) : IProgram
{
    private readonly Dictionary<string, MethodFacts?> _facts = new(StringComparer.Ordinal);

    public IEnumerable<string> Seeds => program.Seeds;

    public MethodFacts? Facts(string method)
    {
        if (_facts.TryGetValue(method, out MethodFacts? known))
            return known;
        MethodFacts? facts = program.Facts(method);
        if (facts is not null && (defect.Drops ?? (object?)defect.Maps) is not null)
        {
            facts = BodyEdits.MapOps(facts, ops => ops.Where(op => defect.Drops?.Invoke(op, places) != true)
                .Select(op => defect.Maps?.Invoke(op) ?? op));
        }

        if (facts is not null && defect.Body is { } change)
            facts = change(facts);
        _facts.Add(method, facts);
        return facts;
    }

    public MemberContract Contract(string method) =>
        defect.Contract is { } change ? change(program.Contract(method)) : program.Contract(method);

    public MemberContract DelegateContract(string type) => program.DelegateContract(type);

    public Dispatch Resolve(string method, string receiverType, string? exactType, string declaredIn)
    {
        Dispatch dispatch = program.Resolve(method, receiverType, exactType, declaredIn);
        return defect.Dispatch is { } change ? change(method, dispatch) : dispatch;
    }

    public ImmutableArray<string> TypeArguments(string type) => program.TypeArguments(type);

    public Dispatch ResolveConstrained(string? method, string type) => program.ResolveConstrained(method, type);

    public IReadOnlyList<string>? FieldWriters(string field) => defect.ForgetsWriters ? [] : program.FieldWriters(field);

    public IEnumerable<string> BodiesMentioning(string name) => program.BodiesMentioning(name);

    public IReadOnlyList<ExternalBody> ExternalBodies => defect.ForgetsExternalEdges ? [] : program.ExternalBodies;

    public IEnumerable<string> ExternalCallNames => program.ExternalCallNames;

    public ExternalMember? External(string method)
    {
        ExternalMember? member = program.External(method);
        return member is not null && defect.External is { } change ? change(member) : member;
    }

    public IEnumerable<ExternalMember> ExternalCallersOf(string method) => program.ExternalCallersOf(method);
}
