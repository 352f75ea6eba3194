using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0014_recipient_answers")]
internal sealed class RecipientAnswers : SqlMigration
{
    protected override string File => "0014_recipient_answers.sql";
}
