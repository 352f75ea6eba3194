using System.Globalization;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment.Desk;

/// <summary>The form by which a person says what was done, read into what the staff API takes. Found is the sum of what
/// happened to it, so nobody has to add up; what was handed over is what was uploaded.</summary>
internal static class CompletionForm
{
    public const string Outcome = "complete.outcome";
    public const string Messages = "complete.messages";

    /// <summary>The counts a person gives for an action, with the words of the form.</summary>
    public static IReadOnlyList<(string Name, string Label)> Counts(TaskAction action) => action switch
    {
        TaskAction.Erase => [("erased", "Erased"), ("anonymised", "Anonymised")],
        TaskAction.Rectify => [("rectified", "Corrected")],
        TaskAction.Restrict or TaskAction.LiftRestriction => [("restricted", action == TaskAction.Restrict ? "Restricted" : "Freed")],
        TaskAction.StopProcessing or TaskAction.ResumeProcessing => [("stopped", action == TaskAction.StopProcessing ? "Stopped" : "Resumed")],
        TaskAction.Locate or TaskAction.Verify => [("found", "Found")],
        _ => [],
    };

    public static string Field(string category, string name) => $"complete.{category}.{name}";

    public static Result<CompleteManualTask.Input> Read(AskedWork task, IFormCollection form)
    {
        var errors = new Dictionary<string, string[]>();
        if (!DsrJson.TryParseKebab<ReceiptOutcome>(form[Outcome], out var outcome))
            errors[Outcome] = ["Choose what came of it."];
        var items = Items(task, form, errors);
        if (errors.Count > 0)
            return Failure.Invalid(errors);
        return new CompleteManualTask.Input
        {
            Outcome = outcome,
            Items = items,
            Messages = [.. form[Messages].ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        };
    }

    /// <summary>The counts that were typed, by category; those of nothing are left out.</summary>
    public static List<ReceiptItem> Items(AskedWork task, IFormCollection form, Dictionary<string, string[]> errors) =>
        [.. task.Scope.Select(scope => Item(task, scope, form, errors)).Where(item => item.Found > 0)];

    /// <summary>Errors of the receipt check, by the fields of this form.</summary>
    public static Failure ByField(this Failure failure, IReadOnlyList<ReceiptItem> items) => failure.Errors is null ? failure : failure with
    {
        Errors = failure.Errors.ToDictionary(error => FieldOf(error.Key, items), error => error.Value.Select(Words).ToArray()),
    };

    private static ReceiptItem Item(AskedWork task, ScopeItem scope, IFormCollection form, Dictionary<string, string[]> errors)
    {
        int Count(string name) => Number(form, Field(scope.Category, name), errors);
        var handed = task.Files?.Where(file => file.Category == scope.Category).Sum(file => file.Records) ?? 0;
        var item = new ReceiptItem
        {
            Category = scope.Category,
            Handed = handed,
            Erased = Count("erased"),
            Anonymised = Count("anonymised"),
            Rectified = Count("rectified"),
            Restricted = Count("restricted"),
            Stopped = Count("stopped"),
            Retained = Count("retained"),
            Reason = Text(form, Field(scope.Category, "reason")) ?? scope.Reason,
            Until = Day(form, Field(scope.Category, "until"), errors) ?? scope.Until,
            Handle = Text(form, Field(scope.Category, "handle")),
        };
        var happened = item.Handed + item.Erased + item.Anonymised + item.Rectified + item.Restricted + item.Stopped + item.Retained;
        item = item with { Found = Math.Max(happened, Count("found")) };
        return item.Retained > 0 ? item : item with { Reason = null, Until = null, Handle = null };
    }

    private static int Number(IFormCollection form, string field, Dictionary<string, string[]> errors)
    {
        if (Text(form, field) is not { } text)
            return 0;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 10_000_000)
            return number;
        errors[field] = ["Counts are whole numbers, 0 or more."];
        return 0;
    }

    private static DateOnly? Day(IFormCollection form, string field, Dictionary<string, string[]> errors)
    {
        if (Text(form, field) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        errors[field] = ["\"Kept until\" is a day such as 2033-12-31."];
        return null;
    }

    private static string? Text(IFormCollection form, string field) => form[field] is [{ } text, ..] && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    // items[0].reason -> complete.CATEGORY.reason
    private static string FieldOf(string path, IReadOnlyList<ReceiptItem> items)
    {
        if (!path.StartsWith("items[", StringComparison.Ordinal))
            return $"complete.{path}";
        var close = path.IndexOf(']', StringComparison.Ordinal);
        return int.TryParse(path.AsSpan(6, close - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count
            ? Field(items[index].Category, path[(close + 1)..].TrimStart('.'))
            : path;
    }

    private static string Words(string coded) => coded.Split(": ", 2) is [_, var words] ? words : coded;
}

/// <summary>What a person is asked to do by hand.</summary>
/// <param name="Action">What.</param>
/// <param name="Scope">With which data.</param>
/// <param name="Files">What was handed over so far; null where nothing is.</param>
internal sealed record AskedWork(TaskAction Action, IReadOnlyList<ScopeItem> Scope, IReadOnlyList<TaskFile>? Files)
{
    public IReadOnlyList<(string Name, string Label)> Counts => CompletionForm.Counts(Action);
}

/// <summary>The fields for counts, on whatever page.</summary>
internal sealed record CountsView(AskedWork Asked, Func<string, string> CategoryLabel, Func<string, string?> Value);
