using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;

namespace Quiesce.Server.Screens;

/// <summary>Who looks at this page, and what they may do. A button that a visitor may not press is not shown; what it does is checked again when it is pressed.</summary>
public sealed class Visitor(AuthenticationStateProvider authentication)
{
    /// <summary>May start, stop, edit, restore.</summary>
    public const string Operator = Roles.Operator;

    /// <summary>May do everything, keys and settings included.</summary>
    public const string Administrator = Roles.Administrator;

    /// <summary>The name to write into what they start.</summary>
    public async Task<string> NameAsync() => (await PrincipalAsync()).KeyName();

    /// <summary>Whether they may do what asks for this role; an administrator may do what an operator may.</summary>
    public async Task<bool> MayAsync(string role) => (await PrincipalAsync()).Has(role);

    /// <summary>Themselves, as the access room knows them.</summary>
    public async Task<ClaimsPrincipal> PrincipalAsync() => (await authentication.GetAuthenticationStateAsync()).User;
}
