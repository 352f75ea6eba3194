using System.Text.Json.Serialization;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Requests.Desk;

/// <summary>Where a request stands after a move.</summary>
internal sealed record RequestState
{
    public required string Reference { get; init; }
    public required RequestStatus Status { get; init; }
    public required IReadOnlyList<RequestMove> AllowedMoves { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? WaitingFor { get; init; }

    public required bool OnHold { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StaffName? Assignee { get; init; }

    public required DeadlineView Deadline { get; init; }
}

internal sealed class ReadState(DsrDbContext db, DataMaps maps, StaffDirectory staff, TimeProvider time)
{
    public async Task<RequestState> HandleAsync(string reference, StaffCaller caller, CancellationToken cancel)
    {
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Reference == reference, cancel);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        return new()
        {
            Reference = request.Reference,
            Status = request.Status,
            AllowedMoves = ReadRequest.AllowedMoves(request, caller, time.GetUtcNow()),
            WaitingFor = request.WaitingFor,
            OnHold = request.OnHold,
            Assignee = request.Assignee is { } member ? (await staff.NamesAsync([member], cancel)).GetValueOrDefault(member) : null,
            Deadline = DeadlineView.Of(request, map.Controller.Today(time)),
        };
    }
}
