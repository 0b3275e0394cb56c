using Quiesce.Cli;

var terminal = Terminal.OfProcess();
using var signals = StopSignals.Register(terminal);
return await QuiesceCommandLine.RunAsync(args, terminal, signals.Stopping);
