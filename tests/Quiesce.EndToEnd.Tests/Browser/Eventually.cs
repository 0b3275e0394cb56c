namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Bounded waiting for what the server does by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task IsAsync(Func<Task<bool>> condition, string otherwise)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!await condition())
                await tick.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"After {Patience} {otherwise}.");
        }
    }
}
