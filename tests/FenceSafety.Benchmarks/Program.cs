using System.Globalization;
using BenchmarkDotNet.Running;
using FenceSafety.Benchmarks.Analyzer;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Benchmarks.Runtime;

// Four modes:
//   (none)            BenchmarkDotNet, with its own options: --filter '*' runs everything
//   --check           runs each benchmark once or twice and asserts what it counts; no times
//   --pairs [COUNT]   measures benchmark and baseline in turns and prints the ratios; 15 pairs at least
//   --first [COUNT]   starts fresh processes and prints what the first look-up in the framework's summary costs in them
// Checks and pairs take a part of a benchmark's name as last argument, to run only what has it.

switch (args)
{
    case ["--check", .. var rest]:
        return Checks.Run(rest);
    case ["--pairs", .. var rest]:
        return PairTable.Run(rest);
    case ["--first", .. var rest]:
        return FirstLookUp.Run(rest);
    case [FirstLookUp.Argument]:
        return FirstLookUp.Once();
    case [LockPaths.Argument, var isOn, var rounds]:
        return LockPaths.Exercise(bool.Parse(isOn), int.Parse(rounds, CultureInfo.InvariantCulture));
    default:
        BenchmarkSwitcher.FromAssembly(typeof(IBenchmark).Assembly).Run(args);
        return 0;
}
