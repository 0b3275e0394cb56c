using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;
using Quiesce.Server.Hosting;

namespace Quiesce.Server.Api;

/// <summary>
/// The API's description, OpenAPI 3.1, made out of the routes themselves at <c>/openapi/v1.json</c>. A copy is checked in beside this file, so that a change of the API
/// shows in a review. What Elsa Studio calls follows Elsa's own contract and is not in it.
/// </summary>
internal static class OpenApiDocument
{
    private const string Name = "v1";
    private const string ByHeader = "apiKey", ByBearer = "bearer", ByBrowser = "browser";

    public static void Add(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RestJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(Name, document =>
        {
            document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            document.ShouldInclude = route => route.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true || route.RelativePath == "schemas/job.schema.json";
            // A page of jobs is a JobSummaryPage to whoever makes a client out of this.
            document.CreateSchemaReferenceId = type => type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(PageOf<>)
                ? $"{type.Type.GetGenericArguments()[0].Name}Page"
                : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            document.AddDocumentTransformer(FrameAsync);
            document.AddOperationTransformer(DescribeAsync);
        });
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json").RequireRole(Roles.Viewer);

    private static async Task FrameAsync(Microsoft.OpenApi.OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Quiesce", Version = ServerStatus.Version,
            Description = "Application-consistent snapshots of a fleet of machines. Every refusal is a problem document (RFC 9457) with a stable code. Lists come by page; starts take an Idempotency-Key; what can be edited has an ETag and takes If-Match.",
        };
        // Wherever it was read from: a proxy in front knows better than this process.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ByHeader] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = SentKey.Header, Description = "A key of this server." },
            [ByBearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The same key as a bearer token." },
            [ByBrowser] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "quiesce-{server}", Description = "A browser's log-in. What changes something has to come from a page of the server." },
        };
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, ct);
        if (problem.Properties?["code"] is OpenApiSchema code)
            code.Enum = [.. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (JsonNode)JsonValue.Create((string)field.GetRawConstantValue()!))];
        document.AddComponent(nameof(Problem), problem);
        document.Tags = null;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        // The first part of the path is what it is about; the assembly's name, which is the default, says nothing.
        operation.Tags = new HashSet<OpenApiTagReference> { new(TagOf(context.Description.RelativePath!), context.Document) };
        operation.Responses ??= [];
        foreach (var codes in (metadata.OfType<Refusals>().LastOrDefault()?.Codes ?? []).GroupBy(Problems.StatusOf).OrderBy(group => group.Key))
            operation.Responses[$"{codes.Key}"] = Refusal(context, $"Refused: {string.Join(", ", codes)}.");
        operation.Responses["default"] = Refusal(context, "Refused, for a reason that every route knows: unauthorized, forbidden, too-many-requests, storage, internal.");
        if (metadata.OfType<IAllowAnonymous>().Any())
            return Task.CompletedTask;

        var role = metadata.OfType<RoleNeeded>().LastOrDefault()?.Role ?? (RoleNeeded.IsReading(context.Description.HttpMethod!) ? Roles.Viewer : Roles.Operator);
        operation.Description = $"{operation.Description} Role: {role}.".TrimStart();
        operation.Security = [.. new[] { ByHeader, ByBearer, ByBrowser }.Select(way => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(way, context.Document)] = [] })];
        if (metadata.OfType<TakesIdempotencyKey>().Any())
        {
            Header(operation, Idempotency.Header, "For a day the same key gets the same answer, and nothing is done twice.");
            operation.Responses[$"{Problems.StatusOf(ProblemCodes.KeyReused)}"] = Refusal(context, $"Refused: {ProblemCodes.KeyReused}.");
        }

        if (metadata.OfType<Refusals>().LastOrDefault()?.Codes.Contains(ProblemCodes.PreconditionFailed) == true)
            Header(operation, "If-Match", "The ETag that the change is based on; without it whoever comes last has his way.");
        return Task.CompletedTask;
    }

    private static string TagOf(string path) => path.Split('/') is ["api", var about, ..] ? about : path.Split('/')[0];

    private static void Header(OpenApiOperation operation, string name, string description) => (operation.Parameters ??= []).Add(
        new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });

    private static OpenApiResponse Refusal(OpenApiOperationTransformerContext context, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) } },
    };
}
