using System.Globalization;
using BenchmarkDotNet.Running;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Benchmarks.Runtime;

// Three modes:
//   (none)            BenchmarkDotNet, with its own options: --filter '*' runs everything
//   --check           runs each benchmark once or twice and asserts what it counts; no times
//   --pairs [COUNT]   measures benchmark and baseline in turns and prints the ratios; 15 pairs at least
// The last two take a part of a benchmark's name as last argument, to run only what has it.

switch (args)
{
    case ["--check", .. var rest]:
        return Checks.Run(rest);
    case ["--pairs", .. var rest]:
        return PairTable.Run(rest);
    case [LockPaths.Argument, var isOn, var rounds]:
        return LockPaths.Exercise(bool.Parse(isOn), int.Parse(rounds, CultureInfo.InvariantCulture));
    default:
        BenchmarkSwitcher.FromAssembly(typeof(IBenchmark).Assembly).Run(args);
        return 0;
}
