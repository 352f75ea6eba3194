using System.Text.Json.Serialization;
using DsrService.Data.Sealing;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;

namespace DsrService.Fulfilment.Desk;

/// <summary>A task as the desk shows it: what is known of it, and for whom it waits since when.</summary>
internal sealed record TaskView
{
    public required Guid TaskId { get; init; }
    public required string System { get; init; }
    public required Binding Binding { get; init; }
    public required TaskAction Action { get; init; }
    public required bool Preview { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid? Verifies { get; init; }

    public required TaskState State { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ReceiptOutcome? Outcome { get; init; }

    /// <summary>Sums over <see cref="Items"/>; null before there is a receipt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required TaskCounts? Counts { get; init; }

    public required IReadOnlyList<ReceiptItem> Items { get; init; }
    public required IReadOnlyList<ScopeItem> Scope { get; init; }

    /// <summary>What the system said to the agent.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required TaskWaiting? WaitingFor { get; init; }

    public required DateTimeOffset Since { get; init; }
    public required int Attempts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset? NextAttemptAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? LastError { get; init; }

    /// <summary>Erases what was kept, on its last day, or proves it.</summary>
    public bool EndsKept { get; init; }

    /// <summary>The task whose change this one makes again, since its system was restored to <see cref="RestoredTo"/>.</summary>
    public Guid? Redoes { get; init; }

    public DateTimeOffset? RestoredTo { get; init; }
    public DateTimeOffset? HandledAt { get; init; }
    public string? Handler { get; init; }
    public Guid? ReplacedBy { get; init; }

    /// <summary>When its vendor was first written to.</summary>
    public DateTimeOffset? VendorToldAt { get; init; }

    /// <summary>The problem that the vendor told of.</summary>
    public string? VendorNote { get; init; }

    /// <summary>Since when staff have to see to it, as its vendor does not answer or told of a problem.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }
    public string? SetAsideReason { get; init; }
    public StaffName? SetAsideBy { get; init; }

    public static TaskView Of(RequestTask task, DataSubjectRequest request, DataKey key, bool systemStopped, IReadOnlyDictionary<Guid, StaffName> staff)
    {
        var items = task.ReceiptItems;
        return new()
        {
            TaskId = task.Id,
            System = task.System,
            Binding = task.Binding,
            Action = task.Action,
            Preview = task.Preview,
            Verifies = task.Verifies,
            State = task.State,
            Outcome = task.Outcome,
            Counts = task.Outcome is null ? null : TaskCounts.Of(items),
            Items = items,
            Scope = task.ScopeItems,
            Messages = task.Messages is null ? [] : key.OpenJson<List<string>>(TaskFields.Messages(task.Id), task.Messages),
            WaitingFor = Waiting(task, request, systemStopped),
            Since = task.Since,
            Attempts = task.Attempt,
            NextAttemptAt = task.GoesOutAgainAt,
            LastError = task.LastError,
            EndsKept = task.EndsKept,
            Redoes = task.Redoes,
            HandledAt = task.HandledAt,
            Handler = task.Handler,
            ReplacedBy = task.ReplacedBy,
            VendorToldAt = task.VendorToldAt,
            VendorNote = task.VendorNote is null ? null : key.OpenText(TaskFields.VendorNote(task.Id), task.VendorNote),
            EscalatedAt = task.EscalatedAt,
            SetAsideReason = task.SetAsideReason is null ? null : key.OpenText(TaskFields.SetAsideReason(task.Id), task.SetAsideReason),
            SetAsideBy = task.SetAsideBy is { } member ? staff.GetValueOrDefault(member) : null,
        };
    }

    private static TaskWaiting? Waiting(RequestTask task, DataSubjectRequest request, bool systemStopped)
    {
        if (task.HasEnded || (!request.Status.IsOpen() && !task.OutlivesRequest))
            return null;
        if (task is { Binding: Binding.Manual, State: TaskState.Sent or TaskState.Accepted })
            return systemStopped ? TaskWaiting.StartOfSystem : task is { VendorToldAt: not null, EscalatedAt: null } ? TaskWaiting.Vendor : TaskWaiting.Staff;
        if (task is { State: TaskState.Failed, NextAttemptAt: null })
            return task.Preview ? null : TaskWaiting.Staff;
        if (task is { State: TaskState.Planned, NextAttemptAt: null })
            return TaskWaiting.EarlierTasks;
        if (request.OnHold && task.State is TaskState.Planned or TaskState.Failed)
            return TaskWaiting.ReleaseOfHold;
        if (systemStopped)
            return TaskWaiting.StartOfSystem;
        return task.State == TaskState.Failed ? TaskWaiting.NextAttempt : TaskWaiting.System;
    }
}

/// <summary>For whom or what a task waits.</summary>
internal enum TaskWaiting
{
    System,
    Staff,
    EarlierTasks,
    NextAttempt,
    ReleaseOfHold,
    /// <summary>The emergency stop of its system.</summary>
    StartOfSystem,
    /// <summary>Who was written to with a link, and has not answered yet.</summary>
    Vendor,
}

internal sealed record TaskCounts(int Found, int Handed, int Erased, int Anonymised, int Rectified, int Restricted, int Stopped, int Retained)
{
    public static TaskCounts Of(IReadOnlyList<ReceiptItem> items) => new(
        items.Sum(item => item.Found), items.Sum(item => item.Handed), items.Sum(item => item.Erased), items.Sum(item => item.Anonymised),
        items.Sum(item => item.Rectified), items.Sum(item => item.Restricted), items.Sum(item => item.Stopped), items.Sum(item => item.Retained));
}
