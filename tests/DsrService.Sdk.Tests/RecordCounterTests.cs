using System.Text;

namespace DsrService.Sdk.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class RecordCounterTests
{
    [TestCase("", 0)]
    [TestCase("\n\n \r\n", 0)]
    [TestCase("{}", 1)]
    [TestCase("{}\n", 1)]
    [TestCase("{}\n\n{}\r\n{}", 3)]
    public void Records_Ndjson_LinesThatAreNotBlank(string content, int records)
    {
        RecordCounter whole = new("application/x-ndjson; charset=utf-8");
        RecordCounter bytewise = new("application/ndjson");
        whole.Add(Encoding.UTF8.GetBytes(content));
        foreach (var value in Encoding.UTF8.GetBytes(content))
            bytewise.Add([value]);

        Assert.That((whole.Records, bytewise.Records), Is.EqualTo((records, records)));
    }

    [TestCase("image/png")]
    [TestCase("application/json")]
    public void Records_OtherContent_One(string contentType)
    {
        RecordCounter counter = new(contentType);
        counter.Add("a\nb\nc"u8);
        Assert.That(counter.Records, Is.EqualTo(1));
    }
}
