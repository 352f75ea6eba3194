using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0008_subject_states")]
internal sealed class SubjectStates : SqlMigration
{
    protected override string File => "0008_subject_states.sql";
}
