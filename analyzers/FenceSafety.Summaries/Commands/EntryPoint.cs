using System.CommandLine;
using System.Globalization;

namespace FenceSafety.Summaries.Commands;

/// <summary>The command line. Exit codes: 0 done, 1 the input cannot be summarised, 2 the command line is wrong.</summary>
static class EntryPoint
{
    /// <summary>Seconds.</summary>
    const double MaximalTimeout = 86_400;

    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <param name="clock">What --timeout goes by; the system's if null.</param>
    public static int Run(string[] args, TextWriter output, TextWriter error, TimeProvider? clock = null)
    {
        var root = new RootCommand("Writes what the members of an assembly do, for FenceSafety's analyzer: locks, waits, allocations, delegates that they call.");
        root.Subcommands.Add(Summarize(clock ?? TimeProvider.System, output, error));
        root.Subcommands.Add(Framework(output, error));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var e in parsed.Errors)
                error.WriteLine("error: " + e.Message);
            error.WriteLine("Try --help.");
            return 2;
        }
        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }

    static Command Summarize(TimeProvider clock, TextWriter output, TextWriter error)
    {
        var assembly = new Argument<string>("assembly") { Description = "The implementation assembly (.dll or .exe); a reference assembly has no bodies." };
        var to = new Option<string>("--output", "-o") { Description = "The summary file to write, usually NAME.fencesum.", Required = true };
        var references = new Option<string[]>("--reference", "-r")
        {
            Description = "An assembly that it references; may be repeated. Those beside it and those of the runtime are found by themselves.",
        };
        var timeout = new Option<double>("--timeout")
        {
            Description = "Seconds after which an assembly is given up as too large.",
            DefaultValueFactory = static _ => SummarizeCommand.DefaultTimeout,
            CustomParser = static given =>
            {
                if (double.TryParse(given.Tokens[0].Value, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= MaximalTimeout)
                    return seconds;
                given.AddError($"--timeout needs a number of seconds above 0, at most {MaximalTimeout} (a day), not '{given.Tokens[0].Value}'.");
                return 0;
            },
        };
        var command = new Command("summarize", "Writes the summary of one assembly.") { assembly, to, references, timeout };
        command.SetAction(parsed => SummarizeCommand.Run(
            parsed.GetRequiredValue(assembly), parsed.GetRequiredValue(to), parsed.GetValue(references) ?? [], TimeSpan.FromSeconds(parsed.GetValue(timeout)), clock, output, error));
        return command;
    }

    static Command Framework(TextWriter output, TextWriter error)
    {
        var to = new Option<string?>("--output", "-o") { Description = "The summary file to write." };
        var overrides = new Option<string?>("--overrides") { Description = "Reviewed lines, id; effects; reason; by default those of this release." };
        var folders = new Option<string[]>("--folder") { Description = "A folder of implementation assemblies; by default those of the runtime that runs this." };
        var lines = new Option<string?>("--lines") { Description = "A file for the same as text, id; effects." };
        var compare = new Option<string?>("--compare") { Description = "Prints what this summary file says otherwise, of the runtime before for example." };
        var why = new Option<string[]>("--why") { Description = "Prints the calls by which a member, given by its id, gets its effects." };
        var redundant = new Option<bool>("--redundant") { Description = "Prints reviewed lines that say what the code says with the other lines." };
        var command = new Command("framework", "Writes what the members of the installed framework do.") { to, overrides, folders, lines, compare, redundant, why };
        command.SetAction(parsed => new FrameworkCommand(
            parsed.GetValue(folders) ?? [], parsed.GetValue(overrides), parsed.GetValue(to), parsed.GetValue(lines), parsed.GetValue(compare), parsed.GetValue(redundant), parsed.GetValue(why) ?? [])
            .Run(output, error));
        return command;
    }
}
