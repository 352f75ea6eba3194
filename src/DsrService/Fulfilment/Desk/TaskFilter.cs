using System.Globalization;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment.Desk;

/// <summary>What the list of tasks is narrowed to.</summary>
internal sealed record TaskFilter
{
    public const int DefaultLimit = 100;
    private const int LargestLimit = 200;
    private static readonly string[] Names = ["state", "controller", "system", "binding", "cursor", "limit"];

    /// <summary>Null is what waits for somebody: sent, accepted, failed.</summary>
    public TaskState? State { get; init; }
    public string? Controller { get; init; }
    public string? System { get; init; }
    public Binding? Binding { get; init; }
    public string? Cursor { get; init; }
    public int Limit { get; init; } = DefaultLimit;

    public static Result<TaskFilter> Parse(IQueryCollection query)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var name in query.Keys.Except(Names, StringComparer.Ordinal))
            errors[name] = ["There is no such filter here."];
        var filter = new TaskFilter
        {
            State = One<TaskState>(query, "state", errors),
            Controller = Text(query, "controller"),
            System = Text(query, "system"),
            Binding = One<Binding>(query, "binding", errors),
            Cursor = Text(query, "cursor"),
            Limit = Number(query, errors),
        };
        return errors.Count > 0 ? Failure.Invalid(errors) : filter;
    }

    private static T? One<T>(IQueryCollection query, string name, Dictionary<string, string[]> errors) where T : struct, Enum
    {
        if (Text(query, name) is not { } text)
            return null;
        if (DsrJson.TryParseKebab<T>(text, out var value))
            return value;
        errors[name] = [$"Not one of: {string.Join(", ", Enum.GetValues<T>().Select(DsrJson.Kebab))}."];
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

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ } text, ..] && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
