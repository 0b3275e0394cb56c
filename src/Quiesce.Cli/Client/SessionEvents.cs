using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Client;

/// <summary>Reports as a server-sent event stream carries them.</summary>
internal static class SessionEvents
{
    /// <summary>Ends quietly where the stream ends or breaks: whoever follows a session asks again unless it has ended.</summary>
    public static async IAsyncEnumerable<SessionReport> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var events = SseParser.Create(stream).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await MoreAsync(events))
        {
            if (events.Current.Data.Length == 0)
                continue;
            yield return JsonSerializer.Deserialize(events.Current.Data, RestJson.Default.SessionReport)
                ?? throw new CliException(ProblemCodes.Invalid, "The server sent an empty report. Check that server and command line have the same version.");
        }
    }

    private static async Task<bool> MoreAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
