using DsrService.Applicability.Rules;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Response;
using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Requests.Desk;

/// <summary>The moves of the staff API, one route each, so that each names the least role it is for.</summary>
internal static class StaffMoves
{
    internal const int LargestBody = 64 * 1024;

    internal sealed record ApproveInput(IReadOnlyDictionary<string, QuestionAnswer>? Answers = null, IReadOnlyDictionary<string, string>? Reasons = null);

    private sealed record NoInput;

    public static void MapStaffMoves(this IEndpointRouteBuilder api)
    {
        Map<AssignRequest.Input, AssignRequest, DataSubjectRequest>(api, RequestMove.Assign, "assign", new(), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<AddNote.Input, AddNote, DataSubjectRequest>(api, RequestMove.Note, "note", new(null), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<ExtendDeadline.Input, ExtendDeadline, DataSubjectRequest>(api, RequestMove.Extend, "extend", new(null), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<SuspendDeadline.Input, SuspendDeadline, DataSubjectRequest>(api, RequestMove.Suspend, "suspend", new(null), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<NoInput, ResumeDeadline, DataSubjectRequest>(api, RequestMove.Resume, "resume", new(), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Cancel));
        Map<HoldRequest.Input, HoldRequest, DataSubjectRequest>(api, RequestMove.Hold, "hold", new(), (op, call) => op.HoldAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<HoldRequest.Input, HoldRequest, DataSubjectRequest>(api, RequestMove.ReleaseHold, "release-hold", new(), (op, call) => op.ReleaseAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<ApproveInput, ApprovePlan, ApprovalOutput>(api, RequestMove.Approve, "approve", new(), (op, call) => op.HandleAsync(call.Reference, call.Caller, new ApprovePlan.Input(call.Input.Answers ?? new Dictionary<string, QuestionAnswer>(), call.Input.Reasons), call.Cancel));
        Map<RefuseRequest.Input, RefuseRequest, DataSubjectRequest>(api, RequestMove.Refuse, "refuse", new(null, null), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<AnswerRequest.Input, AnswerRequest, DataSubjectRequest>(api, RequestMove.Answer, "answer", new(), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
        Map<WithdrawByStaff.Input, WithdrawByStaff, DataSubjectRequest>(api, RequestMove.Withdraw, "withdraw", new(), (op, call) => op.HandleAsync(call.Reference, call.Caller, call.Input, call.Cancel));
    }

    private sealed record Call<TInput>(string Reference, StaffCaller Caller, TInput Input, CancellationToken Cancel);

    private static void Map<TInput, TOperation, TOutput>(
        IEndpointRouteBuilder api, RequestMove move, string name, TInput nothing, Func<TOperation, Call<TInput>, Task<Result<TOutput>>> make)
        where TInput : class where TOperation : notnull =>
        api.MapPost($"/requests/{{reference}}/{name}", async (string reference, StaffCaller caller, HttpContext context, ReadState state, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadOptionalAsync(context.Request, nothing, LargestBody, cancel);
            if (input.Failed)
                return input.Failure.ToProblem();
            // Not a parameter of the route: the compiler makes no binding for a type it does not know.
            var made = await make(context.RequestServices.GetRequiredService<TOperation>(), new(reference, caller, input.Value, cancel));
            return made.Failed ? made.Failure.ToProblem() : Result<RequestState>.Of(await state.HandleAsync(reference, caller, cancel)).ToHttp();
        }).ForStaff(RequestLifecycle.RoleFor(move)!.Value);
}
