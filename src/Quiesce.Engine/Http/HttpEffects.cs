using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>
/// Ask somebody over HTTP. The instance waits at <see cref="BookmarkHash"/>, in-process: what does not survive a suspension survives this one. Answered,
/// whatever came of it, by <see cref="HttpReply.ToStimulus"/>. Whoever sends it must send it at most once per <see cref="RequestId"/> and attempt.
/// </summary>
public sealed record SendHttp : Effect
{
    /// <summary>Unique; an HTTP host may send it along as an idempotency key.</summary>
    public required string RequestId { get; init; }

    /// <summary>In upper case.</summary>
    public required string Method { get; init; }

    /// <summary>An absolute http or https address.</summary>
    public required string Url { get; init; }

    /// <summary>Request headers other than the content's; the activity's <c>authorization</c> is among them.</summary>
    public IReadOnlyList<HttpField> Headers { get; init; } = [];

    /// <summary>True: header values are sent as they are, even if they break the rules of their header.</summary>
    public bool SkipsHeaderValidation { get; init; }

    public HttpBody? Body { get; init; }

    /// <summary>How long one attempt may take; null is the host's default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Null: one attempt.</summary>
    public HttpRetry? Retry { get; init; }

    /// <summary>Hash of the bookmark that waits for the answer.</summary>
    public string BookmarkHash => Activities.SendHttpRequest.HashOf(RequestId);

    /// <summary>The request as a row keeps it.</summary>
    public JsonObject ToJson() => new()
    {
        ["requestId"] = RequestId,
        ["method"] = Method,
        ["url"] = Url,
        ["headers"] = HttpField.Write(Headers),
        ["skipsHeaderValidation"] = SkipsHeaderValidation,
        ["body"] = Body?.ToJson(),
        ["timeout"] = Timeout is { } timeout ? Values.ToText(timeout) : null,
        ["retry"] = Retry is null ? null : new JsonObject
        {
            ["id"] = Retry.Id,
            ["displayName"] = Retry.DisplayName,
            ["maxRetryAttempts"] = Retry.MaxRetryAttempts,
            ["useJitter"] = Retry.UseJitter,
            ["delay"] = Values.ToText(Retry.Delay),
            ["backoff"] = Retry.Backoff.ToString(),
        },
    };

    /// <summary>Reads <see cref="ToJson"/>.</summary>
    /// <exception cref="FormatException">The object is no such request.</exception>
    public static SendHttp FromJson(JsonObject json) => new()
    {
        RequestId = json.Text("requestId") ?? throw new FormatException("The stored HTTP request has no \"requestId\"."),
        Method = json.Text("method") ?? "GET",
        Url = json.Text("url") ?? throw new FormatException("The stored HTTP request has no \"url\"."),
        Headers = HttpField.Read(json.Find("headers")),
        SkipsHeaderValidation = json.Text("skipsHeaderValidation") == "true",
        Body = HttpBody.FromJson(json.Find("body")),
        Timeout = TimeSpan.TryParse(json.Text("timeout"), CultureInfo.InvariantCulture, out var timeout) ? timeout : null,
        Retry = json.Find("retry") is not JsonObject retry ? null : new(retry.Text("id") ?? "", retry.Text("displayName") ?? "")
        {
            MaxRetryAttempts = int.TryParse(retry.Text("maxRetryAttempts"), out var attempts) ? attempts : 0,
            UseJitter = retry.Text("useJitter") == "true",
            Delay = TimeSpan.TryParse(retry.Text("delay"), CultureInfo.InvariantCulture, out var delay) ? delay : TimeSpan.Zero,
            Backoff = Enum.TryParse<HttpBackoff>(retry.Text("backoff"), out var backoff) ? backoff : HttpBackoff.Constant,
        },
    };
}

/// <summary>What came of a <see cref="SendHttp"/>.</summary>
public sealed record HttpReply
{
    /// <summary>Null when there was no response.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Response headers, the content's included.</summary>
    public IReadOnlyList<HttpField> Headers { get; init; } = [];

    public HttpBody? Body { get; init; }

    /// <summary>Why there was no response.</summary>
    public HttpFailure Failure { get; init; }

    /// <summary>The reason in words, for the journal.</summary>
    public string? Message { get; init; }

    /// <summary>Every attempt that was followed by another, in order.</summary>
    public IReadOnlyList<HttpAttempt> Attempts { get; init; } = [];

    /// <summary>The resumption of the instance that asked.</summary>
    public Stimulus ToStimulus(string id, string requestId) => Stimulus.Resume(id, Activities.SendHttpRequest.HashOf(requestId), input: ToInput());

    /// <summary>The reply as the input of a resumption, such as a row keeps it.</summary>
    public JsonObject ToInput() => new()
    {
        ["statusCode"] = StatusCode,
        ["headers"] = HttpField.Write(Headers),
        ["body"] = Body?.ToJson(),
        ["failure"] = Failure.ToString(),
        ["message"] = Message,
        ["attempts"] = new JsonArray([.. Attempts.Select(a => new JsonObject
        {
            ["number"] = a.Number,
            ["delay"] = Values.ToText(a.Delay),
            ["statusCode"] = a.StatusCode,
            ["message"] = a.Message,
        })]),
    };

    /// <summary>Reads <see cref="ToInput"/>; what is missing stays empty.</summary>
    public static HttpReply FromInput(JsonObject input) => new()
    {
        StatusCode = int.TryParse(input.Text("statusCode"), out var code) ? code : null,
        Headers = HttpField.Read(input.Find("headers")),
        Body = HttpBody.FromJson(input.Find("body")),
        Failure = Enum.TryParse<HttpFailure>(input.Text("failure"), out var failure) ? failure : HttpFailure.None,
        Message = input.Text("message"),
        Attempts =
        [
            .. (input.Find("attempts") as JsonArray ?? []).OfType<JsonObject>().Select(a => new HttpAttempt(
                int.TryParse(a.Text("number"), out var number) ? number : 0,
                TimeSpan.TryParse(a.Text("delay"), out var delay) ? delay : TimeSpan.Zero,
                int.TryParse(a.Text("statusCode"), out var status) ? status : null,
                a.Text("message"))),
        ],
    };
}

/// <summary>Why a request got no response.</summary>
public enum HttpFailure
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>No connection, or one that broke before the response was there.</summary>
    FailedToConnect,

    /// <summary>The time was over.</summary>
    Timeout,
}

/// <summary>An attempt that failed and was followed by another.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Delay">The wait after it.</param>
/// <param name="StatusCode">What was answered, if anything was.</param>
/// <param name="Message">Why it counts as failed.</param>
public sealed record HttpAttempt(int Number, TimeSpan Delay, int? StatusCode, string? Message);

/// <summary>
/// Answer the request that the instance holds. At most one per request: a second answer, or one to a request that is gone, is dropped by the host.
/// </summary>
public sealed record RespondHttp : Effect
{
    public required string RequestId { get; init; }

    public required int StatusCode { get; init; }

    /// <summary>Response headers; <c>Content-Type</c> is in the body.</summary>
    public IReadOnlyList<HttpField> Headers { get; init; } = [];

    public HttpBody? Body { get; init; }
}
