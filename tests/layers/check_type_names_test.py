"""The check of type names itself."""
import unittest

import check_type_names
import small_tree


class CheckTypeNames(unittest.TestCase):
    def faults(self, files):
        return small_tree.faults_of(check_type_names, files)

    def test_two_types_of_one_name_are_named(self):
        text = "namespace stave {\n\nclass Frame final : public Node {\n};\n\n}  // namespace stave\n"
        self.assertEqual(["stave::Frame is defined in storage/a.h and in engine/b.cc: give one of them another name"],
                         self.faults({"storage/a.h": text, "engine/b.cc": text}))

    def test_other_namespaces_declarations_and_inner_types_pass(self):
        self.assertEqual([], self.faults({
            "engine/a.h": "namespace stave {\nstruct Row {\n};\nclass Later;\nstruct Row::Cell {\n};\n}  // namespace stave\n",
            "engine/a.cc": "namespace stave {\nnamespace {\nstruct Row {\n};\n}  // namespace\nclass Later;\n}  // namespace stave\n",
            "tools/b.h": "namespace stave::loading {\nstruct Row {\n};\nenum class Kind : char {\n};\n}  // namespace stave::loading\n",
            "tools/c.h": "namespace stave {\nclass Table {\n  struct Row {\n  };\n};\n}  // namespace stave\n"}))


if __name__ == "__main__":
    unittest.main()
