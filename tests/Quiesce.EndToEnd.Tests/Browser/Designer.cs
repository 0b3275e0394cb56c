using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>What a person does in Studio's designer, in that person's words. Studio's own markup is known here and nowhere else.</summary>
internal sealed class Designer(IPage page)
{
    public ILocator Nodes => page.Locator(".x6-graph-svg-stage > .x6-node");

    public ILocator Name => page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true });

    public ILocator Notices => page.Locator("#q-notices");

    /// <summary>Studio's own words for a crash of itself.</summary>
    public ILocator Crash => page.Locator("#blazor-error-ui");

    public ILocator Node(string id) => page.Locator($".x6-node[data-cell-id='{id}']");

    /// <summary>Opens a definition and waits until at least so many activities are drawn.</summary>
    public static async Task<Designer> OpenAsync(IPage page, string definitionId, int nodes = 1)
    {
        var path = $"/studio/workflows/definitions/{definitionId}/edit";
        if (new Uri(page.Url).AbsolutePath != path)
            await page.GotoAsync(path);
        var designer = new Designer(page);
        await designer.Name.WaitForAsync();
        if (nodes > 0)
            await designer.Nodes.Nth(nodes - 1).WaitForAsync();
        return designer;
    }

    /// <summary>Does something that Studio saves by itself, and waits for the server's answer to that save.</summary>
    public async Task<IResponse> SavesAsync(Func<Task> deed, bool publish = false)
    {
        var answer = page.WaitForResponseAsync(response => response.Request.Method == "POST" && new Uri(response.Url).AbsolutePath == "/elsa/api/workflow-definitions"
            && (response.Request.PostData ?? "").Contains("\"publish\":true", StringComparison.Ordinal) == publish);
        await deed();
        return await answer;
    }

    public async Task RenameAsync(string name)
    {
        await Name.FillAsync(name);
        await Name.BlurAsync();
    }

    /// <summary>Drags an activity out of the toolbox to a place on the canvas.</summary>
    public async Task DragInAsync(string category, string activity, float x, float y)
    {
        var search = page.GetByPlaceholder("Search");
        await search.FillAsync(activity);
        var header = page.Locator(".mud-expand-panel", new PageLocatorOptions { HasText = category }).First;
        var item = header.Locator("[draggable=true]", new LocatorLocatorOptions { HasText = activity }).First;
        if (!await item.IsVisibleAsync())
            await header.Locator(".mud-expand-panel-header").ClickAsync();
        await item.DragToAsync(page.Locator(".graph-container"), new LocatorDragToOptions { TargetPosition = new TargetPosition { X = x, Y = y } });
    }

    /// <summary>Draws a connection from one activity's outcome to another activity.</summary>
    public async Task ConnectAsync(string from, string outcome, string to)
    {
        // Left of the middle: at the middle one would take hold of a line that begins there.
        var source = await CentreAsync(Node(from).Locator($"g[port='{outcome}'] circle").First);
        source.X -= 7;
        var target = await CentreAsync(Node(to).Locator("g[port='In'] circle").First);
        await page.Mouse.MoveAsync(source.X, source.Y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync((source.X + target.X) / 2, (source.Y + target.Y) / 2, new MouseMoveOptions { Steps = 8 });
        await page.Mouse.MoveAsync(target.X, target.Y, new MouseMoveOptions { Steps = 8 });
        await page.Mouse.UpAsync();
    }

    /// <summary>Clicks with the mouse where the activity is drawn: a click by name would scroll the canvas out of its pane.</summary>
    public async Task SelectAsync(string id)
    {
        var (x, y) = await CentreAsync(Node(id).Locator("foreignObject"));
        await page.Mouse.ClickAsync(x, y);
    }

    /// <summary>Selects an activity and writes into one of its inputs.</summary>
    public async Task SetTextAsync(string id, string input, string text)
    {
        await SelectAsync(id);
        // Studio's labels do not point at their fields.
        var field = page.Locator(".mud-input-control-input-container", new PageLocatorOptions { Has = page.GetByText(input, new PageGetByTextOptions { Exact = true }) }).Locator("input, textarea").First;
        await field.FillAsync(text);
        await field.BlurAsync();
    }

    public Task PublishAsync() => page.Locator("button.mud-icon-button.mud-primary-text").First.ClickAsync();

    public Task RunAsync() => page.Locator("button.mud-icon-button.mud-success-text").First.ClickAsync();

    private static async Task<(float X, float Y)> CentreAsync(ILocator locator)
    {
        var box = await locator.BoundingBoxAsync() ?? throw new InvalidOperationException($"{locator} is not to be seen.");
        return (box.X + box.Width / 2, box.Y + box.Height / 2);
    }
}
