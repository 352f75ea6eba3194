using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>Sets or takes back the mark that the system's own use honours: restriction (Art. 18), stopped processing (Art. 21),
/// preservation until an answer is given.</summary>
internal static class MarkRows
{
    public static async Task<ReceiptDraft> HandleAsync(SqlWork work, CancellationToken cancel)
    {
        var (column, on) = Mark(work.Mapping, work.Task.Action);
        var draft = new ReceiptDraft();
        foreach (var portion in work.Acted)
        {
            if (!work.Task.Preview)
                await new ChangeRows(work).HandleAsync(new(null, portion,
                    _ => $"r.{SqlNames.Quote(column)} IS NOT {(on ? "TRUE" : "FALSE")}", _ => $"{SqlNames.Quote(column)} = {(on ? "TRUE" : "FALSE")}"), cancel);
            var rows = await work.CountAsync(portion, cancel);
            _ = work.Task.Action switch
            {
                TaskAction.Restrict or TaskAction.LiftRestriction => draft.Restricted(portion.Category, rows),
                TaskAction.StopProcessing or TaskAction.ResumeProcessing => draft.Stopped(portion.Category, rows),
                _ => draft.Found(portion.Category, rows),
            };
        }
        return draft;
    }

    public static (string Column, bool On) Mark(SqlMapping mapping, TaskAction action) => action switch
    {
        TaskAction.Restrict => (Known(mapping.Marks.Restriction), true),
        TaskAction.LiftRestriction => (Known(mapping.Marks.Restriction), false),
        TaskAction.StopProcessing => (Known(mapping.Marks.Stopped), true),
        TaskAction.ResumeProcessing => (Known(mapping.Marks.Stopped), false),
        TaskAction.Preserve => (Known(mapping.Marks.Preservation), true),
        TaskAction.Release => (Known(mapping.Marks.Preservation), false),
        _ => throw new TaskFailedException("task.action_not_supported", $"No database does '{DsrJson.Kebab(action)}'."),
    };

    private static string Known(string? column) =>
        column ?? throw new TaskFailedException("task.action_not_supported", "The mapping names no mark for it.");
}
