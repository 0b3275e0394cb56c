using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>
/// Strong entity tags on what can be edited: who reads one and sends it back as <c>If-Match</c> changes what was read, or nothing. Without <c>If-Match</c> whoever
/// comes last has his way, as at the command line.
/// </summary>
internal static class Etags
{
    /// <summary>A tag out of a version number or id.</summary>
    public static string Of(object version) => $"\"{Convert.ToString(version, CultureInfo.InvariantCulture)}\"";

    /// <summary>A tag out of the content itself.</summary>
    public static string OfText(string text) => $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24]}\"";

    /// <summary>A tag of what can be edited, and of all that is shown: a change is based on the first, a copy is good for both.</summary>
    public static string OfParts(string edited, string shown) => $"{OfText(edited)[..^1]}.{OfText(shown)[1..]}";

    /// <summary>A tag out of a record as it is sent.</summary>
    public static string Of<T>(T value, JsonTypeInfo<T> type) => OfText(JsonSerializer.Serialize(value, type));

    /// <summary>The resource with its tag; 304 where the client has it already.</summary>
    public static IResult Json(HttpContext context, string json, string tag)
    {
        context.Response.Headers.ETag = tag;
        return Matches(context.Request.Headers.IfNoneMatch.ToString(), tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Text(json, "application/json");
    }

    /// <summary>The resource with its tag; 304 where the client has it already.</summary>
    public static IResult Json<T>(HttpContext context, T value, JsonTypeInfo<T> type, string? tag = null)
    {
        var json = JsonSerializer.Serialize(value, type);
        return Json(context, json, tag ?? OfText(json));
    }

    /// <summary>Whether the request says what its change is based on.</summary>
    public static bool IsConditional(HttpContext context) => context.Request.Headers.IfMatch.Count > 0;

    /// <summary>Lets a change through that is based on what there is now, or that does not say.</summary>
    /// <param name="tag">Of what there is now; null where there is nothing.</param>
    /// <param name="subject">As the audit names it.</param>
    /// <exception cref="RefusedException">It is based on something older; the message says who changed it, and what to do.</exception>
    public static async Task RequireMatchAsync(HttpContext context, string? tag, string subject, AuditTrail audit)
    {
        if (!IsConditional(context) || (tag is not null && (context.Request.Headers.IfMatch.ToString() == "*" || IsBasedOn(context.Request.Headers.IfMatch.ToString(), tag))))
            return;
        throw await StaleAsync(subject, tag is null, audit, context.RequestAborted);
    }

    /// <summary>What a change is told that is based on something older.</summary>
    public static async Task<RefusedException> StaleAsync(string subject, bool isGone, AuditTrail audit, CancellationToken ct)
    {
        var who = await audit.LastChangeAsync(subject, ct) is { } last ? $" {last}" : "";
        return new RefusedException(ProblemCodes.PreconditionFailed, isGone
            ? $"There is no {subject} (any more){(who.Length == 0 ? "" : $": it was last changed{who}")}. Nothing was done. Read it again; without If-Match it is made anew."
            : $"{subject} was changed{who} after you read it. Nothing was done. Read it again, put your change into it and send it with the new ETag; without If-Match yours replaces it.");
    }

    private static bool IsBasedOn(string sent, string tag) => sent.Split(',', StringSplitOptions.TrimEntries).Any(one => Edited(one) == Edited(tag));

    private static string Edited(string tag) => tag.Split('.')[0].TrimEnd('"');

    /// <summary>Of a list of tags, one is this. Weak tags match nothing here.</summary>
    private static bool Matches(string sent, string tag) => sent.Length > 0 && (sent == "*" || sent.Split(',', StringSplitOptions.TrimEntries).Contains(tag, StringComparer.Ordinal));
}
