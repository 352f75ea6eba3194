using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>What a store does for each action. A preview does the same; its transaction is not committed.</summary>
internal static class WorkTask
{
    public static Task<ReceiptDraft> Handle(TaskWork work, UploadPart upload, CancellationToken cancel) => work.Task.Action switch
    {
        TaskAction.Locate => LocateSubject.Handle(work, cancel),
        TaskAction.Access or TaskAction.Export => HandOverData.Handle(work, upload, cancel),
        TaskAction.Erase => EraseSubject.Handle(work, cancel),
        TaskAction.Rectify => RectifySubject.Handle(work, cancel),
        TaskAction.Verify => VerifyTask.Handle(work, cancel),
        TaskAction.Notify => TakeNotice.Handle(work, cancel),
        _ => MarkSubject.Handle(work, cancel),
    };

    /// <summary>Says that all was done and does nothing of it, as a broken system might.</summary>
    public static async Task<ReceiptDraft> Lie(TaskWork work, UploadPart upload, CancellationToken cancel)
    {
        var connection = work.Connection;
        await Sql.Run(connection, "savepoint before_the_lie", cancel);
        var draft = await Handle(work, upload, cancel);
        await Sql.Run(connection, "rollback to savepoint before_the_lie", cancel);
        await work.Note(RectifySubject.Expected(work), cancel);
        return draft;
    }
}
