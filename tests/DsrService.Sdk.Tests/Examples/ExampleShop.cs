using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Tests.Examples;

/// <summary>A connected system as small as it gets: it hands over, erases, keeps what it is told to keep, and is asked again.
/// The rows stand for the tables of the owner's own database.</summary>
internal sealed class ExampleShop(List<ExampleShop.Row> rows)
{
    public sealed record Row(string Email, string Category, string Text, string Handle);

    public static SystemCapabilities Capabilities { get; } = new()
    {
        Actions = [TaskAction.Access, TaskAction.Erase, TaskAction.Verify],
        Needs = ["email"],
        CanPreview = true,
    };

    public static void Describe(ConnectedSystemBuilder<ExampleShop> system) => system.Declares(Capabilities)
        .On(TaskAction.Access, shop => shop.AccessAsync).On(TaskAction.Erase, shop => shop.EraseAsync).On(TaskAction.Verify, shop => shop.VerifyAsync);

    private async Task<ReceiptDraft> AccessAsync(TaskContext task, CancellationToken cancel)
    {
        var receipt = new ReceiptDraft();
        foreach (var found in Of(task).GroupBy(row => row.Category))
            receipt.Handed(found.Key, await task.UploadRecordsAsync(found.Key, found.Select(row => new { row.Text }).ToAsyncEnumerable(), cancel));
        return receipt;
    }

    private Task<ReceiptDraft> EraseAsync(TaskContext task, CancellationToken cancel)
    {
        var receipt = new ReceiptDraft();
        foreach (var row in Of(task))
            _ = task.Kept(row.Category) is not null ? receipt.Retained(row.Category, 1, handle: row.Handle) : receipt.Erased(row.Category, 1);
        if (!task.Preview)
            foreach (var row in Of(task).Where(row => task.ActsOn(row.Category)))
                lock (rows)
                    rows.Remove(row);
        return Task.FromResult(receipt);
    }

    private Task<ReceiptDraft> VerifyAsync(TaskContext task, CancellationToken cancel) => Task.FromResult(
        Of(task).Aggregate(new ReceiptDraft(), (receipt, row) => task.Kept(row.Category) is not null ? receipt.Retained(row.Category, 1) : receipt.Found(row.Category, 1)));

    private List<Row> Of(TaskContext task)
    {
        lock (rows)
            return rows.FindAll(row => task.Values("email").Any(email => email.Reveal() == row.Email) || task.Scope.Any(item => item.Handle == row.Handle));
    }
}
