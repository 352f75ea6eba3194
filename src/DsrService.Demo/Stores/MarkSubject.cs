using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Sets or takes back a mark that the system's own use honours: restriction (Art. 18), stopped processing
/// (Art. 21), preservation until an answer is given.</summary>
internal static class MarkSubject
{
    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        if (work.Acted.Any())
            await work.Store.BeforeChange(work, cancel);
        var (column, value) = Mark(work.Task.Action);
        var draft = new ReceiptDraft();
        foreach (var category in work.Acted)
        {
            var rows = await work.Run($"update {work.Table(category)} set {column} = {value} where ref = any(@refs)", cancel);
            _ = work.Task.Action switch
            {
                TaskAction.Restrict or TaskAction.LiftRestriction => draft.Restricted(category.Name, rows),
                TaskAction.StopProcessing or TaskAction.ResumeProcessing => draft.Stopped(category.Name, rows),
                _ => draft.Found(category.Name, rows),
            };
        }

        await work.Note([], cancel);
        return draft;
    }

    public static (string Column, bool Value) Mark(TaskAction action) => action switch
    {
        TaskAction.Restrict => ("restricted", true),
        TaskAction.LiftRestriction => ("restricted", false),
        TaskAction.StopProcessing => ("stopped", true),
        TaskAction.ResumeProcessing => ("stopped", false),
        TaskAction.Preserve => ("preserved", true),
        TaskAction.Release => ("preserved", false),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Sets no mark."),
    };
}
