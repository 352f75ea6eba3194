using System.Globalization;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.Primitives;

namespace DsrService.Requests.Desk;

/// <summary>What the list of requests is narrowed to, as it stands in the URL of the staff API and of the queue.</summary>
internal sealed record RequestFilter
{
    public const int DefaultLimit = 50;
    private const int LargestLimit = 200;
    private static readonly string[] Names = ["status", "right", "controller", "assignee", "due", "reference", "sort", "cursor", "limit"];

    /// <summary>None is all.</summary>
    public IReadOnlyList<RequestStatus> Statuses { get; init; } = [];
    public Right? Right { get; init; }
    public string? Controller { get; init; }

    /// <summary>A user name or id, <c>me</c> or <c>none</c>.</summary>
    public string? Assignee { get; init; }
    public DueFilter? Due { get; init; }

    /// <summary>A reference or its beginning.</summary>
    public string? Reference { get; init; }
    public RequestSort Sort { get; init; } = RequestSort.DueOn;
    public string? Cursor { get; init; }
    public int Limit { get; init; } = DefaultLimit;

    public static Result<RequestFilter> Parse(IQueryCollection query)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var name in query.Keys.Except(Names, StringComparer.Ordinal))
            errors[name] = ["There is no such filter here."];
        var filter = new RequestFilter
        {
            Statuses = StatusesOf(query["status"], errors),
            Right = One<Right>(query, "right", DsrJson.TryParseKebab, Kebabs<Right>(), errors),
            Controller = Text(query, "controller"),
            Assignee = Text(query, "assignee"),
            Due = One<DueFilter>(query, "due", DueFilters.TryParse, DueFilters.All, errors),
            Reference = Text(query, "reference")?.ToUpperInvariant(),
            Sort = One<RequestSort>(query, "sort", RequestSorts.TryParse, RequestSorts.All, errors) ?? RequestSort.DueOn,
            Cursor = Text(query, "cursor"),
            Limit = Number(query, errors),
        };
        return errors.Count > 0 ? Failure.Invalid(errors) : filter;
    }

    private delegate bool Parser<T>(string? text, out T value);

    private static List<RequestStatus> StatusesOf(StringValues values, Dictionary<string, string[]> errors)
    {
        var statuses = new List<RequestStatus>();
        foreach (var text in values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            if (DsrJson.TryParseKebab<RequestStatus>(text, out var status))
                statuses.Add(status);
            else if (text == "open")
                statuses.AddRange(RequestStatuses.Open);
            else
                errors["status"] = [$"Not one of: open, {Kebabs<RequestStatus>()}."];
        return statuses;
    }

    private static T? One<T>(IQueryCollection query, string name, Parser<T> parse, string all, Dictionary<string, string[]> errors) where T : struct
    {
        if (Text(query, name) is not { } text)
            return null;
        if (parse(text, out var value))
            return value;
        errors[name] = [$"Not one of: {all}."];
        return null;
    }

    private static int Number(IQueryCollection query, Dictionary<string, string[]> errors)
    {
        if (Text(query, "limit") is not { } text)
            return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
            return Math.Min(limit, LargestLimit);
        errors["limit"] = [$"A whole number from 1 to {LargestLimit}."];
        return DefaultLimit;
    }

    private static string? Text(IQueryCollection query, string name) =>
        query[name] is [{ Length: > 0 } text, ..] && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static string Kebabs<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(DsrJson.Kebab));
}

internal enum DueFilter
{
    Overdue,
    Today,
    SevenDays,
}

internal static class DueFilters
{
    public const string All = "overdue, today, 7d";

    public static string Text(this DueFilter due) => due switch { DueFilter.Overdue => "overdue", DueFilter.Today => "today", _ => "7d" };

    public static bool TryParse(string? text, out DueFilter due)
    {
        (due, var known) = text switch { "overdue" => (DueFilter.Overdue, true), "today" => (DueFilter.Today, true), "7d" => (DueFilter.SevenDays, true), _ => (default, false) };
        return known;
    }
}

/// <summary>By the day the answer is due now (extended ones by the extended day), or by receipt.</summary>
internal enum RequestSort
{
    DueOn,
    DueOnDescending,
    ReceivedAt,
    ReceivedAtDescending,
}

internal static class RequestSorts
{
    public const string All = "dueOn, -dueOn, receivedAt, -receivedAt";

    public static string Text(this RequestSort sort) => sort switch
    {
        RequestSort.DueOn => "dueOn",
        RequestSort.DueOnDescending => "-dueOn",
        RequestSort.ReceivedAt => "receivedAt",
        _ => "-receivedAt",
    };

    public static bool TryParse(string? text, out RequestSort sort)
    {
        foreach (var value in Enum.GetValues<RequestSort>())
            if (value.Text() == text)
            {
                sort = value;
                return true;
            }
        sort = default;
        return false;
    }
}
