namespace Quiesce.Engine.Activities;

/// <summary>A container that stops when a break passes through it.</summary>
internal interface IBreakable
{
    /// <summary>True swallows the signal: this is the loop that was meant.</summary>
    bool ReceiveBreak(ActivityContext context);
}

/// <summary>The signal that <c>Elsa.Break</c> sends up.</summary>
internal static class BreakSignal
{
    private const string Key = "IsBreaking";

    public static void Send(ActivityContext from)
    {
        for (var context = from.Parent; context is not null; context = context.Parent)
        {
            if (context.Node.Activity is not IBreakable breakable)
                continue;
            context.State[Key] = true;
            if (breakable.ReceiveBreak(context))
                return;
        }
    }

    public static bool IsBreaking(ActivityContext context) => context.HasState && context.State.ContainsKey(Key);
}
