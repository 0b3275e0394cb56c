using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>
/// A browser's log-in: a cookie that says, sealed, whose key it stands for and until when. The key itself is not in it. It slides with use, survives restarts
/// (the seal's keys are in the data folder), and ends with its key, with a log-out, or after a month.
/// </summary>
internal sealed class BrowserLogins(Store store, ApiKeys keys, IDataProtectionProvider protection, LoginCookie cookie, TimeProvider time)
{
    /// <summary>How long a browser that is not used stays logged in.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(24);

    /// <summary>How long one log-in lasts at the longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly IDataProtector _seal = protection.CreateProtector("quiesce browser log-in");
    private readonly ConcurrentDictionary<string, bool> _ended = new(cookie.Ended.Select(id => KeyValuePair.Create(id, true)), StringComparer.Ordinal);

    /// <summary>Logs the browser in.</summary>
    public void Begin(HttpContext context, ApiKeyRow key)
    {
        var now = time.GetUtcNow();
        Write(context, new Login(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), key.Id, now, now + Idle));
    }

    /// <summary>The key of the browser's log-in; null where there is none that is still good. Renews the cookie now and then.</summary>
    public ApiKeyRow? Find(HttpContext context)
    {
        var now = time.GetUtcNow();
        if (Read(context) is not { } login || login.Ends <= now || login.Began + Longest <= now || _ended.ContainsKey(login.Id) || keys.ById(login.KeyId) is not { } key)
            return null;
        // A cookie with each answer would be waste: a quarter of an hour less does not matter.
        if (login.Ends - now < Idle - TimeSpan.FromMinutes(15) && !context.Response.HasStarted)
            Write(context, login with { Ends = now + Idle });
        return key;
    }

    /// <summary>Logs the browser out; a copy of its cookie is worth nothing either.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (Read(context) is { } login)
        {
            _ended[login.Id] = true;
            await store.EndLoginAsync(login.Id, login.Began + Longest);
        }

        context.Response.Cookies.Delete(cookie.Name, Options(context, null));
    }

    private void Write(HttpContext context, Login login) =>
        context.Response.Cookies.Append(cookie.Name, _seal.Protect(string.Create(CultureInfo.InvariantCulture,
            $"{login.Id}|{login.KeyId}|{login.Began.ToUnixTimeSeconds()}|{login.Ends.ToUnixTimeSeconds()}")), Options(context, Idle));

    private Login? Read(HttpContext context)
    {
        if (context.Request.Cookies[cookie.Name] is not { Length: > 0 and < 2048 } text)
            return null;
        try
        {
            return _seal.Unprotect(text).Split('|') is [var id, var key, var began, var ends]
                ? new Login(id, key, Moment(began), Moment(ends))
                : null;
        }
        catch (CryptographicException)
        {
            // Not ours, or sealed with keys that are gone: a stranger's cookie.
            return null;
        }
    }

    private static DateTimeOffset Moment(string seconds) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));

    private static CookieOptions Options(HttpContext context, TimeSpan? life) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = life, IsEssential = true,
        // Encryption may end in front of this server; the page that the browser shows knows.
        Secure = context.Request.IsHttps || context.Request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase),
    };

    private sealed record Login(string Id, string KeyId, DateTimeOffset Began, DateTimeOffset Ends);
}

/// <summary>The cookie of this server.</summary>
/// <param name="Name">Of this server alone, because cookies do not tell ports apart.</param>
/// <param name="Ended">Log-ins that were ended before this start.</param>
internal sealed record LoginCookie(string Name, IReadOnlyList<string> Ended);
