using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using FenceSafety.Core.Summaries.External;
using FenceSafety.Summaries.Commands;

namespace FenceSafety.Summaries.Tests.Commands;

/// <summary>
/// What obfuscators do to names: the same name for every type and member, no name, controls, dots and parentheses; and to code: jumps over
/// what is never run. The runtime does not mind, so neither may the command.
/// </summary>
public sealed class ObfuscatedTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fence-obfuscated-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("\u0001", "\u202e")]
    [InlineData("a.b(c)", "M:a,b{`0}~x")]
    [InlineData("\"", "\\\t\n")]
    [InlineData(" ", "")]
    [InlineData("\ufeff", "<>c__DisplayClass0_0")]
    public void Names_that_no_compiler_writes(string type, string method)
    {
        string path = Path.Combine(_folder, "Odd.dll"), to = Path.Combine(_folder, "Odd.fencesum");
        File.WriteAllBytes(path, Image(type, method));
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = EntryPoint.Run(["summarize", path, "--output", to], output, error);

        Assert.True(exit == 0, error.ToString());
        var summary = SummaryFile.Open(File.ReadAllBytes(to));
        Assert.Equal("Odd", summary.Name);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(summary.Bodies(out string? problem));
        Assert.Null(problem);
    }

    /// <summary>No runtime loads this; a reader that went from each type to the one around it would not end.</summary>
    [Fact]
    public void Types_that_are_nested_in_each_other()
    {
        string path = Path.Combine(_folder, "Odd.dll"), to = Path.Combine(_folder, "Odd.fencesum");
        File.WriteAllBytes(path, Image("a", "b", nestedInEachOther: true));
        var error = new StringWriter();
        int exit = EntryPoint.Run(["summarize", path, "--output", to], TextWriter.Null, error);

        const string Said = "Odd.dll: its metadata is damaged or made to confuse readers (BadImageFormatException: types that are nested too deep, or in each other)";
        Assert.Equal(1, exit);
        Assert.Contains(Said, error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(to));

        error = new StringWriter();
        Assert.Equal(1, EntryPoint.Run(["framework", "--folder", _folder, "--output", to], TextWriter.Null, error));
        Assert.Equal("error: " + Path.Combine(_folder, Said), error.ToString().Trim());
        Assert.False(File.Exists(to));
    }

    /// <summary>Two public types of one name, one with two methods that differ in what they return alone.</summary>
    static byte[] Image(string typeName, string methodName, bool nestedInEachOther = false)
    {
        var md = new MetadataBuilder();
        var code = new BlobBuilder();
        md.AddModule(0, md.GetOrAddString("Odd.dll"), md.GetOrAddGuid(new Guid("11111111-2222-3333-4444-555555555555")), default, default);
        md.AddAssembly(md.GetOrAddString("Odd"), new Version(1, 0, 0, 0), default, default, 0, AssemblyHashAlgorithm.None);
        var runtime = md.AddAssemblyReference(md.GetOrAddString("System.Runtime"), new Version(10, 0, 0, 0), default, default, 0, default);
        var objects = md.AddTypeReference(runtime, md.GetOrAddString("System"), md.GetOrAddString("Object"));
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature().Parameters(0, static r => r.Void(), static _ => { });
        var other = new BlobBuilder();
        new BlobEncoder(other).MethodSignature().Parameters(0, static r => r.Type().Int32(), static _ => { });
        var bodies = new MethodBodyStreamEncoder(code);
        int first = Body(bodies, static il => il.OpCode(ILOpCode.Ret));
        int second = Body(bodies, static il =>
        {
            var end = il.DefineLabel();
            il.Branch(ILOpCode.Br, end);
            il.OpCode(ILOpCode.Pop);
            il.MarkLabel(end);
            il.LoadConstantI4(1);
            il.OpCode(ILOpCode.Ret);
        });
        foreach (var (offset, blob) in new[] { (first, md.GetOrAddBlob(signature)), (second, md.GetOrAddBlob(other)) })
        {
            md.AddMethodDefinition(
                MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, md.GetOrAddString(methodName), blob, offset, MetadataTokens.ParameterHandle(1));
        }

        md.AddTypeDefinition(default, default, md.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        md.AddTypeDefinition(
            TypeAttributes.Public, md.GetOrAddString(typeName), md.GetOrAddString(typeName), objects,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        md.AddTypeDefinition(
            TypeAttributes.Public, md.GetOrAddString(typeName), md.GetOrAddString(typeName), objects,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(3));
        if (nestedInEachOther)
        {
            md.AddNestedType(MetadataTokens.TypeDefinitionHandle(2), MetadataTokens.TypeDefinitionHandle(3));
            md.AddNestedType(MetadataTokens.TypeDefinitionHandle(3), MetadataTokens.TypeDefinitionHandle(2));
        }
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(md, suppressValidation: true), code).Serialize(image);
        return image.ToArray();
    }

    static int Body(MethodBodyStreamEncoder bodies, Action<InstructionEncoder> write)
    {
        var il = new InstructionEncoder(new BlobBuilder(), new ControlFlowBuilder());
        write(il);
        return bodies.AddMethodBody(il);
    }
}
