using System.Text.Json;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Demo.Stores;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Demo.Systems;

/// <summary>When a person says that a manual task is done, the store of that system follows, as if the person had done it.</summary>
internal sealed class CompletedByHand(DsrDbContext db, RequestKeys keys, IReadOnlyList<DemoStore> stores) : IManualTaskObserver
{
    public async Task CompletedAsync(RequestTask task, ReceiptOutcome outcome, CancellationToken cancel)
    {
        var store = stores.FirstOrDefault(store => store.Controller == task.Controller && store.Key == task.System);
        if (store is null || outcome is not ReceiptOutcome.Completed)
            return;
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Id == task.RequestId, cancel);
        var key = keys.Open(request);
        var identifiers = await db.Set<RequestIdentifier>().AsNoTracking().Where(row => row.RequestId == request.Id).ToListAsync(cancel);
        await using var work = await TaskWork.Begin(store, new SystemTask
        {
            TaskId = task.Id,
            Reference = request.Reference,
            Controller = task.Controller,
            System = task.System,
            Action = task.Action,
            Identifiers = [.. identifiers.Select(row =>
                new SubjectIdentifier(row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified))],
            Scope = JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!,
            Corrections = task.Action is TaskAction.Rectify
                ? key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake).Corrections
                : null,
            IssuedAt = task.CreatedAt,
            DueAt = request.DueEndAt,
            Attempt = task.Attempt,
        }, cancel);
        if (task.Action is not (TaskAction.Access or TaskAction.Export or TaskAction.Locate or TaskAction.Verify))
            await WorkTask.Handle(work, (_, _, _, _, _) => Task.FromResult(0), cancel);
        await work.Commit(cancel);
    }
}
