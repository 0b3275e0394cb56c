namespace Quiesce.Jobs.Schedules;

/// <summary>Local times of a schedule's zone as moments, with the rule for the two nights a year that are no ordinary ones (R5.16).</summary>
internal static class ZonedTime
{
    /// <summary>The zone of an IANA name; null where this machine does not know it.</summary>
    public static TimeZoneInfo? Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>Whether this machine has time zone data at all.</summary>
    public static bool HasData => TimeZoneInfo.GetSystemTimeZones().Count > 1;

    /// <summary>The moment of a local time. A time that the clocks skip is the next minute that exists; of one that comes twice it is the first.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>What the clocks of the zone show at a moment.</summary>
    public static DateTime LocalOf(DateTimeOffset moment, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(moment, zone).DateTime;

    /// <summary>Minutes since midnight of <c>HH:mm</c>; 24:00 is 1440.</summary>
    /// <exception cref="FormatException">It is no such time; the schema lets none through.</exception>
    public static int Minutes(string text) => text is [_, _, ':', _, _] && int.TryParse(text.AsSpan(0, 2), out var hours) && int.TryParse(text.AsSpan(3, 2), out var minutes) && minutes < 60 && (hours * 60) + minutes <= 1440
        ? (hours * 60) + minutes
        : throw new FormatException($"'{text}' is no time of day; write HH:mm");
}
