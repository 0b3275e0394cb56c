using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Engine.Activities;

namespace Quiesce.Tests.Engine;

/// <summary>A document of the corpus with what its <c>expected</c> says about how it is run.</summary>
internal sealed class CorpusCase
{
    private readonly Queue<JsonObject> replies;

    public CorpusCase(string name)
        : this(Corpus.Read(name))
    {
    }

    public CorpusCase(WorkflowDefinition definition)
    {
        Definition = definition;
        Expected = Corpus.Expected(definition);
        Registry = ActivityRegistry.Standard.With(MessageActivities.For(Texts(Expected["messages"]).Select(Message)));
        replies = new((Expected["replies"]?.AsArray() ?? []).Select(r => r!.AsObject()));
    }

    public WorkflowDefinition Definition { get; }

    public JsonObject Expected { get; }

    public ActivityRegistry Registry { get; }

    public Stimulus Start => Stimulus.Start("start", Expected["input"]?.DeepClone().AsObject(), triggerActivityId: (string?)Expected["trigger"]) with
    {
        Properties = Expected["properties"]?.DeepClone().AsObject(),
        Http = Expected["http"] is JsonObject request ? HttpRequestData.FromJson(request) : null,
    };

    public LocalRunResult Run() => new LocalRun(Registry, []) { Http = Answer }.Run(Definition, Start);

    public HttpReply Answer(SendHttp request) => HttpReply.FromInput(replies.Dequeue());

    public static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(n => (string)n!) ?? [];

    /// <summary>What the world is asked to do, in one line each.</summary>
    public static string Text(Effect effect) => effect switch
    {
        RespondHttp r => string.Join(' ', [$"respond {r.StatusCode}", .. Fields(r.Headers), .. Body(r.Body)]),
        SendHttp s => string.Join(' ', [$"send {s.Method} {s.Url}", .. Fields(s.Headers), .. Body(s.Body), .. s.Retry is { } retry ? [$"retry {retry.Id} {retry.MaxRetryAttempts}"] : Array.Empty<string>()]),
        PublishMessage p => $"message {p.MessageType} {p.Body?.ToJsonString()}",
        PublishEvent p => $"event {p.Name} {p.Payload?.ToJsonString()}",
        TaskRequested t => $"task {t.Name} {t.Payload?.ToJsonString()}",
        _ => effect.GetType().Name,
    };

    private static IEnumerable<string> Fields(IEnumerable<HttpField> fields) => fields.Select(f => $"{f.Name}={f.Value}");

    private static IEnumerable<string> Body(HttpBody? body) => body is null ? [] : [$"[{body.ContentType}]", body.Text ?? Convert.ToBase64String(body.Bytes!)];

    private static MessageTypeDescriptor Message(string name) =>
        name.LastIndexOf('.') is var dot and >= 0 ? new(name[..dot], name[(dot + 1)..]) : new("", name);
}
