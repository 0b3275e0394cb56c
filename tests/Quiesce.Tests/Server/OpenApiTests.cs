using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Server;

public sealed class OpenApiTests
{
    private const string Refresh = "QUIESCE_WRITE_OPENAPI";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>To refresh the copy: <c>QUIESCE_WRITE_OPENAPI=1 dotnet test tests/Quiesce.Tests --filter FullyQualifiedName~OpenApiTests</c>.</summary>
    [Fact]
    public async Task The_checked_in_copy_is_what_the_server_says()
    {
        var file = Path.Combine(RepositoryFolder.Path, "src", "Quiesce.Server", "Api", "openapi.json");
        var served = (await DocumentAsync()).ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Refresh) == "1")
            await File.WriteAllTextAsync(file, served);

        Assert.True(File.Exists(file) && await File.ReadAllTextAsync(file) == served, $"The API has changed. Look at the change, then write the copy anew: {Refresh}=1 dotnet test tests/Quiesce.Tests --filter FullyQualifiedName~OpenApiTests");
    }

    [Fact]
    public async Task It_is_3_1_and_every_operation_says_what_it_does_answers_and_refuses()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        Assert.Equal(["apiKey", "bearer", "browser"], document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key));
        List<string> names = [];
        foreach (var (path, method, operation) in Operations(document))
        {
            var where = $"{method} {path}";
            names.Add((string?)operation["operationId"] ?? throw new Xunit.Sdk.XunitException($"{where} has no operationId"));
            Assert.Matches("^[A-Z][A-Za-z]+$", names[^1]);
            Assert.True(((string?)operation["summary"])?.EndsWith('.') == true, $"{where} has no summary that is a sentence");
            var responses = operation["responses"]!.AsObject();
            Assert.True(responses.Any(response => response.Key.StartsWith('2')), $"{where} does not say how it succeeds");
            Assert.NotNull(responses["default"]?["content"]?["application/problem+json"]?["schema"]);
            foreach (var (status, response) in responses.Where(response => response.Key is "200" or "201"))
                Assert.True(response!["content"]!.AsObject().All(content => content.Value!["schema"] is not null), $"{where} {status} has no schema");
            foreach (var name in path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
                Assert.Contains(operation["parameters"]!.AsArray(), parameter => (string?)parameter!["name"] == name && (string?)parameter["in"] == "path");
        }

        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task Every_route_of_the_api_is_in_it()
    {
        await using var server = await RunningServer.StartAsync();
        var described = Operations(await DocumentAsync(server)).Select(operation => $"{operation.Method} {operation.Path}").ToHashSet();
        var routes = server.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText is { } text && text.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method.ToLowerInvariant()} /{route.RoutePattern.RawText!.Trim('/')}"))
            .ToList();

        Assert.True(routes.Count > 30, $"only {routes.Count} routes were found");
        Assert.Empty(routes.Except(described));
    }

    [Fact]
    public async Task Every_reference_in_it_leads_somewhere()
    {
        var document = await DocumentAsync();
        var schemas = document["components"]!["schemas"]!.AsObject();

        foreach (var reference in References(document).Where(reference => reference.StartsWith("#/components/schemas/", StringComparison.Ordinal)))
            Assert.True(schemas.ContainsKey(reference["#/components/schemas/".Length..]), reference);
        Assert.Contains("idempotency-key-reused", schemas["Problem"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => (string?)code));
        Assert.Equal(typeof(ProblemCodes).GetFields().Length, schemas["Problem"]!["properties"]!["code"]!["enum"]!.AsArray().Count);
    }

    private static async Task<JsonObject> DocumentAsync()
    {
        await using var server = await RunningServer.StartAsync();
        return await DocumentAsync(server);
    }

    private static async Task<JsonObject> DocumentAsync(RunningServer server)
    {
        var (status, document) = await server.SendAsync(HttpMethod.Get, "openapi/v1.json");
        Assert.Equal(200, status);
        return document!.AsObject();
    }

    private static IEnumerable<(string Path, string Method, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Methods.Contains(operation.Key)
        select (path.Key, operation.Key, operation.Value!.AsObject());

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member is { Key: "$ref", Value: JsonValue value } && value.TryGetValue<string>(out var text) ? [text] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
