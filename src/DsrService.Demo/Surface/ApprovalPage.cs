using DsrService.Demo.DjMixerSoft;
using DsrService.Demo.Stores;
using DsrService.Web;

namespace DsrService.Demo.Surface;

/// <summary>Where the administrator of a djmixersoft account approves that its content is read. Opening the page changes
/// nothing: scanners of mail do that too.</summary>
internal static class ApprovalPage
{
    public static void MapApprovalPage(this IEndpointRouteBuilder demo)
    {
        demo.MapGet("approvals/{token}", (string token) => Pages.Show<ApprovalView, ApprovalModel>(new(token, Approved: false)));
        demo.MapPost("approvals/{token}", ApproveAsync);
    }

    private static async Task<IResult> ApproveAsync(
        string token, HttpContext context, IReadOnlyList<DemoStore> stores, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        return stores.OfType<ContentStore>().FirstOrDefault() is { } content && await ContentApprovals.Approve(content, token, cancel)
            ? Pages.Show<ApprovalView, ApprovalModel>(new(token, Approved: true))
            : Failure.NotFound("demo.unknown_approval").ToPage();
    }
}

internal sealed record ApprovalModel(string Token, bool Approved);
