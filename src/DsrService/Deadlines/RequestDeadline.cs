using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Requests;

namespace DsrService.Deadlines;

/// <summary>The rules' dates for one request, by the facts of its controller.</summary>
internal static class RequestDeadline
{
    public static Deadline Of(DataSubjectRequest request, ControllerFacts controller) =>
        For(DeadlineRules.StartOf(request.RelevantOn ?? request.ReceivedOn, Zone(controller)), controller, request.SuspendedDays);

    /// <summary>What alerts go by: as though the clock had never stood.</summary>
    public static DateOnly TargetOf(DataSubjectRequest request, ControllerFacts controller) => request.ExtendedTo is null
        ? request.InternalTarget
        : Calendar(controller).WorkingDayOnOrBefore(
            For(DeadlineRules.StartOf(request.RelevantOn ?? request.ReceivedOn, Zone(controller)), controller).ExtendedNominal, HolidaySet.National);

    public static Deadline For(DateTimeOffset receivedAt, ControllerFacts controller, int suspendedDays = 0) =>
        DeadlineRules.For(receivedAt, Zone(controller), Calendar(controller), suspendedDays);

    /// <summary>The first instant after a day, in the controller's time zone.</summary>
    public static DateTimeOffset EndOf(DateOnly day, ControllerFacts controller) => DeadlineRules.StartOf(day.AddDays(1), Zone(controller));

    public static DateOnly DayOf(DateTimeOffset instant, ControllerFacts controller) => DateOnly.FromDateTime(Local(instant, controller).DateTime);

    /// <summary>The instant on the controller's clocks.</summary>
    public static DateTimeOffset Local(DateTimeOffset instant, ControllerFacts controller) => TimeZoneInfo.ConvertTime(instant, Zone(controller));

    public static IWorkingCalendar Calendar(ControllerFacts controller) =>
        HolidayCalendars.Find(controller.Calendar) ?? HolidayCalendars.Find(HolidayCalendars.None)!;

    private static TimeZoneInfo Zone(ControllerFacts controller) => TimeZoneInfo.FindSystemTimeZoneById(controller.TimeZone);
}
