using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Api;

/// <summary>Which page of a list somebody asks for: every list that can grow takes these two.</summary>
internal sealed record Paging(
    [property: FromQuery(Name = "page"), Description("Which page, from 0.")] int Page = 0,
    [property: FromQuery(Name = "pageSize"), Description("How many items a page holds, 1 to 500.")] int PageSize = 50)
{
    /// <summary>The largest page.</summary>
    public const int Largest = 500;

    private const int LastPage = 1_000_000;

    /// <summary>How many items come before the page.</summary>
    public int Skip => Page * PageSize;

    /// <summary>Refuses what no list has.</summary>
    /// <exception cref="RefusedException">A number is out of bounds.</exception>
    public Paging Checked() => Page is >= 0 and <= LastPage && PageSize is >= 1 and <= Largest
        ? this
        : throw new RefusedException(ProblemCodes.Invalid, $"page has to be 0 or more and pageSize between 1 and {Largest}; they are {Page} and {PageSize}.");

    /// <summary>The page of a list that is at hand as a whole.</summary>
    public JsonHttpResult<PageOf<T>> Of<T>(HttpContext context, IReadOnlyList<T> all, JsonTypeInfo<PageOf<T>> type) => Answer(context, [.. all.Skip(Checked().Skip).Take(PageSize)], all.Count, type);

    /// <summary>A page that was read as one, with the links to its neighbours.</summary>
    /// <param name="total">How many items there are in all.</param>
    public JsonHttpResult<PageOf<T>> Answer<T>(HttpContext context, IReadOnlyList<T> items, int total, JsonTypeInfo<PageOf<T>> type)
    {
        var last = Math.Max(0, (total - 1) / PageSize);
        List<string> links = [Link(context, 0, "first")];
        if (Page > 0)
            links.Add(Link(context, Math.Min(Page - 1, last), "prev"));
        if (Page < last)
            links.Add(Link(context, Page + 1, "next"));
        links.Add(Link(context, last, "last"));
        context.Response.Headers.Link = string.Join(", ", links);
        return TypedResults.Json(new PageOf<T>(items, total, Page, PageSize), type);
    }

    private string Link(HttpContext context, int page, string relation)
    {
        var others = context.Request.Query.Where(pair => pair.Key is not ("page" or "pageSize")).SelectMany(pair => pair.Value.Select(value => $"&{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}"));
        return string.Create(CultureInfo.InvariantCulture, $"<{context.Request.Path.ToUriComponent()}?page={page}&pageSize={PageSize}{string.Concat(others)}>; rel=\"{relation}\"");
    }
}
