using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>One real Chromium for all browser tests; each test has a profile of its own in it. A machine without Chromium fails them.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Debian's package <c>chromium</c>.</summary>
    private const string Program = "/usr/bin/chromium";

    /// <summary>An expectation waits this long: the page shares two cores with every other test.</summary>
    private const float Patience = 60_000;

    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException($"The browser tests need {Program}: apt-get install chromium.");
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // As root there is no sandbox; the rest keeps it from looking for its maker's servers.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.CloseAsync();
        _playwright?.Dispose();
    }
}

/// <summary>Browser tests run one after the other: two browsers on two cores would only wait for each other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
