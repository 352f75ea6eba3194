using DsrService.Response.Package;

namespace DsrService.Tests.Response.Package;

internal sealed class EntryNamesTests
{
    [TestCase("../../etc/passwd", "f/etc_passwd")]
    [TestCase("/etc/passwd", "f/etc_passwd")]
    [TestCase("C:\\Windows\\system32.ini", "f/C_Windows_system32.ini")]
    [TestCase("..", "f/file")]
    [TestCase("", "f/file")]
    [TestCase("...", "f/file")]
    [TestCase("CON", "f/_CON")]
    [TestCase("nul.txt", "f/_nul.txt")]
    [TestCase("com1.tar.gz", "f/_com1.tar.gz")]
    [TestCase("a\u202Egpj.exe", "f/a_gpj.exe.txt")]
    [TestCase("page.html", "f/page.html.txt")]
    [TestCase("PICTURE.SVG", "f/PICTURE.SVG.txt")]
    [TestCase("line\r\nbreak\0.txt", "f/line_break.txt")]
    [TestCase("trailing. ", "f/trailing")]
    [TestCase("åäö 日本.wav", "f/åäö_日本.wav")]
    [TestCase("~$x|y<z>.pdf", "f/x_y_z.pdf")]
    public void File_OddName_BecomesOnePlainSegment(string name, string expected) =>
        Assert.That(new EntryNames().File("f", name, "application/octet-stream"), Is.EqualTo(expected));

    [Test]
    public void File_WithoutExtension_TakesTheOneOfItsType() =>
        Assert.That(new EntryNames().File("f", "song", "audio/wav"), Is.EqualTo("f/song.wav"));

    [Test]
    public void File_VeryLongName_IsCutAndKeepsItsExtension()
    {
        var name = new EntryNames().File("f", new string('x', 5000) + ".wav", "audio/wav");

        Assert.Multiple(() =>
        {
            Assert.That(name, Has.Length.LessThan(100));
            Assert.That(name, Does.EndWith(".wav"));
        });
    }

    [Test]
    public void File_SameNameInAnotherCase_IsNumbered()
    {
        var names = new EntryNames();

        Assert.That(new[] { names.File("f", "a.txt", ""), names.File("f", "A.TXT", ""), names.File("f", "a.txt", ""), names.File("g", "a.txt", "") },
            Is.EqualTo(new[] { "f/a.txt", "f/A-2.TXT", "f/a-3.txt", "g/a.txt" }));
    }
}
