using System.Security.Claims;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>Who asks. Pages find it as the user of their authentication state, routes as <c>HttpContext.User</c>.</summary>
internal static class Caller
{
    /// <summary>Who did what before keys had names, and what has no caller.</summary>
    public const string Nobody = "nobody";

    private const string Scheme = "quiesce-key";

    /// <summary>The one whom a key stands for.</summary>
    public static ClaimsPrincipal Of(ApiKeyRow key) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, key.Id), new Claim(ClaimTypes.Name, key.Name), new Claim(ClaimTypes.Role, key.Role)], Scheme));

    /// <summary>The key's name: what sessions and the audit call the one who asked.</summary>
    public static string KeyName(this ClaimsPrincipal caller) => caller.FindFirst(ClaimTypes.Name)?.Value ?? Nobody;

    /// <summary>The key's id; empty for a stranger.</summary>
    public static string KeyId(this ClaimsPrincipal caller) => caller.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? "";

    /// <summary>The key's role; empty for a stranger.</summary>
    public static string Role(this ClaimsPrincipal caller) => caller.FindFirst(ClaimTypes.Role)?.Value ?? "";

    /// <summary>May do what needs this role.</summary>
    public static bool Has(this ClaimsPrincipal caller, string role) => Roles.Covers(caller.Role(), role);
}
