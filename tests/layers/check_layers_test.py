"""The layer check itself: a good tree passes, an include that goes up is named."""
import unittest

import check_layers
import small_tree


class CheckLayers(unittest.TestCase):
    def faults(self, files):
        return small_tree.faults_of(check_layers, files)

    def test_includes_that_go_down_pass(self):
        self.assertEqual([], self.faults({"engine/a.cc": '#include "storage/b.h"\n#include <stave/result.h>\n'}))

    def test_an_include_that_goes_up_is_named(self):
        self.assertEqual(
            ["storage/a.cc: a file of `storage` includes engine/b.h, which is above it"],
            self.faults({"storage/a.cc": '#include "engine/b.h"\n'}))

    def test_a_public_header_includes_no_layer(self):
        self.assertEqual(1, len(self.faults({"include/stave/a.h": '#include "storage/b.h"\n'})))

    def test_the_binary_sees_the_public_interface_only(self):
        self.assertEqual(1, len(self.faults({"tools/cli/a.cc": '#include "query/b.h"\n'})))
        self.assertEqual([], self.faults({"tools/cli/a.cc": '#include "storage/inspect.h"\n'}))


if __name__ == "__main__":
    unittest.main()
