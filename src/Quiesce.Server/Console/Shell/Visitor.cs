using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace Quiesce.Server.Screens;

/// <summary>Who looks at this page, and what they may do. A button that a visitor may not press is not shown; what it does is checked again when it is pressed.</summary>
public sealed class Visitor(AuthenticationStateProvider authentication)
{
    /// <summary>May start, stop, edit, restore.</summary>
    public const string Operator = "operator";

    /// <summary>May do everything, keys and settings included.</summary>
    public const string Administrator = "administrator";

    /// <summary>The name to write into what they start.</summary>
    public async Task<string> NameAsync() => (await PrincipalAsync()).Identity?.Name ?? "console";

    /// <summary>Whether they may do what asks for this role; an administrator may do what an operator may.</summary>
    public async Task<bool> MayAsync(string role)
    {
        var principal = await PrincipalAsync();
        return principal.IsInRole(role) || principal.IsInRole(Administrator);
    }

    private async Task<ClaimsPrincipal> PrincipalAsync() => (await authentication.GetAuthenticationStateAsync()).User;
}
