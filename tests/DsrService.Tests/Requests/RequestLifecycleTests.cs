using DsrService.Requests;
using DsrService.Staff;

namespace DsrService.Tests.Requests;

internal sealed class RequestLifecycleTests
{
    private static readonly RequestStatus[] Closed =
        [RequestStatus.Fulfilled, RequestStatus.PartlyFulfilled, RequestStatus.Refused, RequestStatus.Withdrawn];

    [TestCaseSource(nameof(Closed))]
    public void After_ClosedRequest_NoMoveLeadsAnywhere(RequestStatus closed) =>
        Assert.That(Enum.GetValues<RequestMove>().Where(move => RequestLifecycle.Allows(closed, move)), Is.Empty);

    [Test]
    public void After_Expired_OnlyReopens() =>
        Assert.That(Enum.GetValues<RequestMove>().Where(move => RequestLifecycle.Allows(RequestStatus.Expired, move)), Is.EqualTo([RequestMove.Reopen]));

    [Test]
    public void After_EveryOpenStatus_LeadsToAnEnd()
    {
        foreach (var status in RequestStatuses.Open)
            Assert.That(Reachable(status).Any(end => !end.IsOpen()), Is.True, status.ToString());
    }

    [Test]
    public void MovesFor_Planned_OnlyApproverApproves()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RequestLifecycle.MovesFor(RequestStatus.Planned, StaffRole.Agent), Does.Not.Contain(RequestMove.Approve));
            Assert.That(RequestLifecycle.MovesFor(RequestStatus.Planned, StaffRole.Approver), Does.Contain(RequestMove.Approve));
            Assert.That(RequestLifecycle.MovesFor(RequestStatus.Planned, StaffRole.Officer), Does.Contain(RequestMove.Approve));
        }
    }

    [TestCase(StaffRole.Auditor)]
    [TestCase(StaffRole.Admin)]
    [TestCase(StaffRole.SystemOwner)]
    public void MovesFor_RolesThatOnlyLook_NoMove(StaffRole role) =>
        Assert.That(Enum.GetValues<RequestStatus>().SelectMany(status => RequestLifecycle.MovesFor(status, role)), Is.Empty);

    [Test]
    public void MovesFor_MovesOfTheService_AreNobodys() =>
        Assert.That(Enum.GetValues<RequestStatus>().SelectMany(status => RequestLifecycle.MovesFor(status, StaffRole.Officer)).Distinct(),
            Has.None.GreaterThan(RequestMove.Withdraw));

    private static HashSet<RequestStatus> Reachable(RequestStatus from)
    {
        var seen = new HashSet<RequestStatus>();
        var queue = new Queue<RequestStatus>([from]);
        while (queue.TryDequeue(out var status))
            foreach (var move in Enum.GetValues<RequestMove>())
                foreach (var target in Enum.GetValues<RequestStatus>())
                    if (RequestLifecycle.After(status, move, target) is { } next && seen.Add(next))
                        queue.Enqueue(next);
        return seen;
    }
}
