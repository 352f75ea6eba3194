using System.Text;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors.Api;

internal sealed class UploadDataTests
{
    [Test]
    public async Task Put_ByItsSystem_TakenAndReplaced()
    {
        var bench = await ConnectedBench.StartAsync(Right.Access);
        var task = bench.Task;
        var category = task.Scope.First(item => item.Decision == ScopeDecision.Act).Category;

        Assert.That(await PutAsync(ConnectedBench.Service.Client, task, category), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await PutAsync(ConnectedBench.OtherClient, task, category), Is.EqualTo("404 task.not_found"));
        Assert.That(await PutAsync(ConnectedBench.Client, task, category), Is.EqualTo("200"));
        Assert.That(await PutAsync(ConnectedBench.Client, task, category), Is.EqualTo("200"));
        Assert.That(await PutAsync(ConnectedBench.Client, task, "no-such-category"), Is.EqualTo("422 upload.category_not_asked"));
        Assert.That(await PutAsync(ConnectedBench.Client, task, category, "%2e%2e%2fetc"), Does.StartWith("4"));
    }

    private static async Task<string> PutAsync(HttpClient client, SystemTask task, string category, string part = "rows")
    {
        using var content = new StringContent("{\"row\":1}\n{\"row\":2}\n", Encoding.UTF8, "application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{task.Links!.Data.AbsolutePath}/{part}") { Content = content };
        request.Headers.Add("Dsr-Category", category);
        return await ConnectedBench.SaidAsync(await client.SendAsync(request));
    }
}
