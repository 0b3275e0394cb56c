using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Client;

/// <summary>Turns what a server answered, or did not, into words for the user.</summary>
internal static class ServerProblem
{
    /// <summary>A problem document in the server's words; a plain status where something else answered.</summary>
    public static async Task<CliException> ExplainAsync(ServerAddress address, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return new CliException(ProblemCodes.Unauthorized, Unauthorized(address));
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var problem = JsonDocument.Parse(text);
            var code = Member(problem.RootElement, "code");
            var detail = Member(problem.RootElement, "detail") ?? Member(problem.RootElement, "title");
            if (detail is not null)
                return new CliException(code ?? CodeOf(response.StatusCode), detail, complaints: Complaints(problem.RootElement));
        }
        catch (JsonException)
        {
            // Not a problem document: something between us and the server answered, and its status is all there is to tell.
        }

        return new CliException(
            CodeOf(response.StatusCode),
            $"{address.Url} answered {(int)response.StatusCode} to {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}. Check that a Quiesce server listens there, and its log.");
    }

    public static CliException Unreachable(ServerAddress address, Exception cause) => new(
        CliException.Codes.NoServer,
        address.DataFolder is { } folder
            ? $"The server that was started on {folder} does not answer at {address.Url} ({cause.Message}). Start it again: quiesce serve --data {folder}"
            : $"No server answers at {address.Url} ({cause.Message}). Check QUIESCE_URL and that the server runs.",
        inner: cause);

    /// <exception cref="CliException">The answer is not what this version of the command line knows.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellation) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new CliException(
                ProblemCodes.Invalid, $"The answer of {response.RequestMessage?.RequestUri} cannot be read: {e.Message}. Check that server and command line have the same version.", inner: e);
        }
    }

    private static string Unauthorized(ServerAddress address) => address.DataFolder is { } folder
        ? $"The server at {address.Url} refused the local key in {folder}. Another server may listen at that address; start the one you mean: quiesce serve --data {folder}"
        : $"The server at {address.Url} refused the key in QUIESCE_API_KEY. Set it to the administrator key that the server showed at its first start.";

    private static string CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => ProblemCodes.NotFound,
        HttpStatusCode.Conflict => ProblemCodes.Conflict,
        HttpStatusCode.Forbidden => ProblemCodes.Forbidden,
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => ProblemCodes.Invalid,
        _ => $"http-{(int)status}",
    };

    private static string? Member(JsonElement problem, string name) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<Complaint>? Complaints(JsonElement problem) =>
        problem.TryGetProperty("complaints", out var list) && list.ValueKind == JsonValueKind.Array ? list.Deserialize(RestJson.Default.IReadOnlyListComplaint) : null;
}
