using Quiesce.Benchmarks;

// One figure a line, each beside its baseline in the same run. Names on the command line choose: engine, store, runner, session, held, fleet, list, watch, publish, studio.
if (args is [WatchBenchmark.Watcher, var url, var key])
    return await WatchBenchmark.WatchAsync(url, key);
(string Name, Func<TextWriter, Task> Run)[] all =
[
    ("engine", output => EngineBenchmark.RunAsync(output)),
    ("store", StoreBenchmark.RunAsync),
    ("runner", RunnerBenchmark.RunAsync),
    ("session", SessionBenchmark.RunAsync),
    ("held", HeldBenchmark.RunAsync),
    ("fleet", FleetBenchmark.RunAsync),
    ("list", InstanceListBenchmark.RunAsync),
    ("watch", WatchBenchmark.RunAsync),
    ("publish", PublishBenchmark.RunAsync),
    ("studio", StudioLoadBenchmark.RunAsync),
];
var unknown = args.Except(all.Select(one => one.Name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown[0]}'. There are: {string.Join(", ", all.Select(one => one.Name))}.");
    return 2;
}

foreach (var (name, run) in all.Where(one => args.Length == 0 || args.Contains(one.Name)))
{
    Console.WriteLine($"== {name}");
    await run(Console.Out);
}

return 0;
