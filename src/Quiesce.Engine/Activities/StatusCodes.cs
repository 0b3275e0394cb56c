using System.Globalization;
using System.Net;

namespace Quiesce.Engine.Activities;

/// <summary>HTTP status codes by name or number.</summary>
internal static class StatusCodes
{
    /// <summary>Names in the order of their numbers, each number once.</summary>
    public static string[] Names { get; } = [.. Enum.GetValues<HttpStatusCode>().Distinct().Select(c => c.ToString())];

    /// <exception cref="ActivityFaultException">The value is no status code.</exception>
    public static int Read(object? value)
    {
        var text = Values.ToText(value)?.Trim() ?? "OK";
        if (Enum.TryParse<HttpStatusCode>(text, ignoreCase: true, out var code) && (int)code is >= 100 and <= 599)
            return (int)code;
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 100 and <= 599)
            return (int)number;
        throw new ActivityFaultException($"'{text}' is not an HTTP status code. Use a name such as NotFound or a number from 100 to 599.");
    }
}
