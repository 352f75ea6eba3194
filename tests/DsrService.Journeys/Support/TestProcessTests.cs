using System.Runtime.InteropServices;

namespace DsrService.Testing;

internal sealed class TestProcessTests
{
    [Test]
    public async Task Signal_ToAProgramThatHandlesIt_LetsItEndItsOwnWay()
    {
        await using var process = TestProcess.Start("bash", ["-c", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"]);
        await process.WaitForLineAsync("ready");

        Assert.That(await process.StopAsync(), Is.EqualTo(7));
        Assert.That(process.Lines, Is.EqualTo(new[] { "ready", "bye" }));
    }

    [Test]
    public async Task WaitForLine_WhenTheProgramEndsFirst_SaysWhatItSaid()
    {
        await using var process = TestProcess.Start("bash", ["-c", "echo 'no such luck' >&2; exit 3"]);

        Assert.That(
            async () => await process.WaitForLineAsync("ready"),
            Throws.InvalidOperationException.With.Message.Contains("no such luck").And.Message.Contains("ended with 3"));
    }

    [Test]
    public async Task Watch_WhenTheTestsDie_EndsWhatTheyStarted()
    {
        await using var process = TestProcess.Start("bash", ["-c", "trap 'exit 9' QUIT; echo ready; while :; do sleep 0.05; done"]);
        await process.WaitForLineAsync("ready");

        process.Signal(PosixSignal.SIGQUIT);

        Assert.That(await process.WaitForExitAsync(), Is.EqualTo(9));
    }
}
