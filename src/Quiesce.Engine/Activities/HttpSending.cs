using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>What the activities that send a request have in common.</summary>
internal static class HttpSending
{
    /// <summary>Where an execution record keeps the attempts that failed.</summary>
    public const string AttemptsKey = "RetryAttempts";

    /// <summary>Sends, and waits as a stock engine does: without a suspension.</summary>
    public static void Send(ActivityContext context)
    {
        var requestId = context.NewId();
        context.Emit(new SendHttp
        {
            RequestId = requestId,
            Method = (context.GetInput<string>("Method") ?? "GET").Trim().ToUpperInvariant(),
            Url = Url(context),
            Headers = Headers(context),
            SkipsHeaderValidation = context.GetInput<bool>("DisableAuthorizationHeaderValidation"),
            Body = HttpContent.Write(context.GetInput("Content"), context.GetInput<string>("ContentType")),
            Retry = ResilienceStrategy.Of(context),
        });
        context.Run.CreateBookmark(context, SendHttpRequest.TypeName, SendHttpRequest.Payload(requestId), SendHttpRequest.Payload(requestId), null, true, null, null, inProcess: true);
    }

    /// <summary>Takes the reply: outputs, attempts and, where there was none, the reason.</summary>
    public static HttpReply Take(ActivityContext context, Resumption resumption)
    {
        var reply = HttpReply.FromInput(resumption.Input ?? []);
        if (reply.Attempts.Count > 0)
            context.State[AttemptsKey] = reply.ToInput()["attempts"]?.DeepClone();
        if (reply.StatusCode is { } code)
        {
            context.SetOutput("StatusCode", code);
            context.SetOutput("ResponseHeaders", HttpField.ToMap(reply.Headers));
        }
        else
        {
            context.Log("Error", reply.Message ?? "There was no response.", new JsonObject { ["StatusCode"] = reply.Failure == HttpFailure.Timeout ? "Timeout" : "FailedToConnect" });
        }

        return reply;
    }

    /// <summary>Content as scripts see it: JSON that is none stays text.</summary>
    public static object? Parsed(HttpReply reply) =>
        HttpContent.TryParse(reply.Body, null, out var value) ? value : System.Text.Encoding.UTF8.GetString(reply.Body!.ToBytes());

    /// <summary>The outcomes of the flow variants.</summary>
    public static string[] Outcomes(ActivityContext context, HttpReply reply)
    {
        if (reply.StatusCode is not { } code)
            return [reply.Failure == HttpFailure.Timeout ? "Timeout" : "Failed to connect"];
        var expected = Values.Items(context.GetInput("ExpectedStatusCodes")) ?? [];
        if (expected.Count == 0)
            return ["Done"];
        return [expected.Any(e => e is int wanted && wanted == code) ? Values.ToText(code)! : "Unmatched status code", "Done"];
    }

    private static string Url(ActivityContext context)
    {
        var text = Values.ToText(context.GetInput("Url"))?.Trim();
        if (string.IsNullOrEmpty(text))
            throw new ActivityFaultException("the request has no URL. Give it one, such as https://host/path.");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? text
            : throw new ActivityFaultException($"'{text}' is not an http or https URL. Write it in full, such as https://host/path.");
    }

    private static List<HttpField> Headers(ActivityContext context)
    {
        var headers = HttpContent.Headers(context.GetInput("RequestHeaders"));
        if (context.GetInput<string>("Authorization") is { Length: > 0 } authorization)
        {
            headers.RemoveAll(h => h.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
            headers.Add(new("Authorization", authorization.AsSpan().IndexOfAny('\r', '\n') < 0 ? authorization : throw new ActivityFaultException("the authorization has a line break in it.")));
        }

        return headers;
    }
}

/// <summary>The retry strategy that an activity's <c>customProperties.resilienceStrategy</c> names or computes.</summary>
internal static class ResilienceStrategy
{
    /// <exception cref="ActivityFaultException">There is no strategy of that id.</exception>
    public static HttpRetry? Of(ActivityContext context)
    {
        var properties = context.Node.Json.Find("customProperties") as JsonObject;
        if (properties?.Find("resilienceStrategy") is not JsonObject chosen)
            return null;
        if (chosen.Text("mode") != "Expression")
            return chosen.Text("strategyId") is { Length: > 0 } id ? Named(context, id) : null;
        return ExpressionReader.Read(chosen.Find("expression"))?.Evaluate(context, ValueType.Object) switch
        {
            null => null,
            string text when text.TrimStart().StartsWith('{') => Read(context, Values.FromJson(Values.TryParse(text)) as IDictionary<string, object?>),
            string id => id.Length == 0 ? null : Named(context, id),
            var value => Read(context, (value as JsonNode is { } node ? Values.FromJson(node) : value) as IDictionary<string, object?>),
        };
    }

    private static HttpRetry Named(ActivityContext context, string id) =>
        context.Run.Context.HttpRetries.FirstOrDefault(r => r.Id == id)
            ?? throw new ActivityFaultException($"there is no resilience strategy '{id}'. Choose one of {string.Join(", ", context.Run.Context.HttpRetries.Select(r => r.Id))}.");

    private static HttpRetry? Read(ActivityContext context, IDictionary<string, object?>? given)
    {
        if (given is null)
            return null;
        var map = new Dictionary<string, object?>(given, StringComparer.OrdinalIgnoreCase);
        if (map.Count == 1 && Values.ToText(map.GetValueOrDefault("id")) is { } only)
            return Named(context, only);
        return new(Values.ToText(map.GetValueOrDefault("id")) ?? "expression", Values.ToText(map.GetValueOrDefault("displayName")) ?? "From an expression")
        {
            MaxRetryAttempts = map.TryGetValue("maxRetryAttempts", out var most) && ClrTypes.Convert(most, typeof(int)) is int count ? Math.Clamp(count, 0, 100) : 3,
            UseJitter = ClrTypes.Convert(map.GetValueOrDefault("useJitter"), typeof(bool)) is true,
            Delay = map.TryGetValue("delay", out var wait) && ClrTypes.Convert(wait, typeof(TimeSpan)) is TimeSpan delay ? delay : TimeSpan.FromSeconds(1),
            Backoff = Enum.TryParse<HttpBackoff>(Values.ToText(map.GetValueOrDefault("backoffType")), out var backoff) ? backoff : HttpBackoff.Exponential,
        };
    }
}
