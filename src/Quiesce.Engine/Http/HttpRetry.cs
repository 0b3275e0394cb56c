namespace Quiesce.Engine;

/// <summary>How the wait between two attempts grows.</summary>
public enum HttpBackoff
{
    Constant,
    Linear,
    Exponential,
}

/// <summary>
/// A resilience strategy for HTTP: attempts that time out, do not connect, or are answered with one of <see cref="StatusCodes"/> are made again.
/// </summary>
/// <param name="Id">What <c>customProperties.resilienceStrategy.strategyId</c> names.</param>
/// <param name="DisplayName">For the designer.</param>
public sealed record HttpRetry(string Id, string DisplayName)
{
    /// <summary>Answers that count as failed: 408, 409, 429, 500, 502, 503, 504.</summary>
    public static IReadOnlyList<int> StatusCodes { get; } = [408, 409, 429, 500, 502, 503, 504];

    /// <summary>The strategies that every host offers.</summary>
    public static IReadOnlyList<HttpRetry> Standard { get; } =
    [
        new("http-exponential", "Exponential: 3 retries, from 1 second"),
        new("http-constant", "Constant: 3 retries, every 5 seconds") { Delay = TimeSpan.FromSeconds(5), Backoff = HttpBackoff.Constant },
        new("http-linear", "Linear: 5 retries, 2 seconds more each time") { MaxRetryAttempts = 5, Delay = TimeSpan.FromSeconds(2), Backoff = HttpBackoff.Linear },
    ];

    /// <summary>Attempts after the first; at most 100 are made.</summary>
    public int MaxRetryAttempts { get; init; } = 3;

    /// <summary>Spreads each wait by up to a quarter, up or down.</summary>
    public bool UseJitter { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    public HttpBackoff Backoff { get; init; } = HttpBackoff.Exponential;

    /// <summary>The wait after the attempt with that number, counted from 1, before jitter; at most a day.</summary>
    public TimeSpan DelayAfter(int attempt)
    {
        var factor = Backoff switch
        {
            HttpBackoff.Constant => 1,
            HttpBackoff.Linear => attempt,
            _ => Math.Pow(2, Math.Min(attempt - 1, 40)),
        };
        var seconds = Math.Min(Delay.TotalSeconds * factor, TimeSpan.FromDays(1).TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(seconds, 0));
    }
}
