// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolDirectoryTest {
  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void resolve() throws IOException {
    root = temporary.toRealPath().resolve("spool");
  }

  @Test
  void claim_takesTheLowestNumberThatIsFree() throws IOException {
    SpoolDirectory first = SpoolDirectory.claim(root);
    SpoolDirectory second = SpoolDirectory.claim(root);
    SpoolDirectory third = SpoolDirectory.claim(root);
    assertThat(first.segment(7)).isEqualTo(root.resolve("0/0000000000000007.spool"));
    assertThat(second.segment(1)).hasParentRaw(root.resolve("1"));
    assertThat(third.segment(1)).hasParentRaw(root.resolve("2"));

    second.close();
    try (SpoolDirectory again = SpoolDirectory.claim(root)) {
      assertThat(again.segment(1)).hasParentRaw(root.resolve("1"));
    }
    first.close();
    third.close();
  }

  @Test
  void claim_makesTheDirectoryForItsOwnerOnly() throws IOException {
    try (SpoolDirectory claimed = SpoolDirectory.claim(root)) {
      assertThat(Files.getPosixFilePermissions(claimed.segment(1).getParent()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void claim_fails_whereAFileIsInTheWay() throws IOException {
    Files.writeString(root, "a file");

    assertThatThrownBy(() -> SpoolDirectory.claim(root))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void claimOrphans_takesWhatHasSegmentsAndNoHolder() throws IOException {
    SpoolDirectory own = SpoolDirectory.claim(root);
    Files.createFile(own.segment(1));
    Files.createDirectories(root.resolve("1"));
    Files.createFile(Files.createDirectories(root.resolve("2")).resolve("0000000000000001.spool"));
    Files.createFile(Files.createDirectories(root.resolve("3")).resolve("notes.txt"));
    Files.createFile(
        Files.createDirectories(root.resolve("other")).resolve("0000000000000001.spool"));

    List<SpoolDirectory> orphans = SpoolDirectory.claimOrphans(root);
    assertThat(orphans).hasSize(1);
    assertThat(orphans.get(0).segments()).containsExactly(root.resolve("2/0000000000000001.spool"));
    assertThat(SpoolDirectory.claimOrphans(root)).isEmpty();
    orphans.get(0).close();
    own.close();
    assertThat(SpoolDirectory.claimOrphans(root)).hasSize(2).allSatisfy(SpoolDirectory::close);
  }

  @Test
  void nextNumber_followsTheLastSegment() throws IOException {
    try (SpoolDirectory claimed = SpoolDirectory.claim(root)) {
      assertThat(claimed.nextNumber()).isEqualTo(1);
      Files.createFile(claimed.segment(9));
      Files.createFile(claimed.segment(10));
      assertThat(claimed.nextNumber()).isEqualTo(11);
      assertThat(claimed.segments()).containsExactly(claimed.segment(9), claimed.segment(10));
    }
  }

  @Test
  void isThere_tellsADirectoryThatWasRemoved_orReplacedByAnothers() throws IOException {
    try (SpoolDirectory claimed = SpoolDirectory.claim(root)) {
      assertThat(claimed.isThere()).isTrue();
      Path lock = root.resolve("0/lock");
      Files.move(lock, root.resolve("kept")); // so that its inode is not used again
      assertThat(claimed.isThere()).isFalse();
      Files.createFile(lock);
      assertThat(claimed.isThere()).isFalse();
    }
  }
}
