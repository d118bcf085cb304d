#include "host-native/password_hasher.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/components.h"

using namespace nexus;
using namespace nexus::host;

namespace {

struct Fixture {
  test::SeededRandom random{11};
  ScryptHasher hasher{random};

  // "error" when it is no hash.
  std::string match(std::string_view password, std::string_view hash) {
    const auto is_right = hasher.matches(password, hash);
    CHECK(is_right.has_value() == hasher.is_hash(hash));
    return !is_right ? "error" : *is_right ? "yes" : "no";
  }
};

// RFC 7914, section 12.
constexpr const char* kPassword1024 =
    "scrypt$ln=10,r=8,p=16$TmFDbA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA==";
constexpr const char* kPleaseLetMeIn =
    "scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU=$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw==";
// What Neo4j writes for 'neo4j', in its two versions.
constexpr const char* kExported =
    "1,6d57a5e0b3317055454e455f96c98c750c77fb371f3f0634a1b8ff2a55c5b825,190ae47c661e0668a0c8be8a21ff78a4a34cdf918cae3c407e907b73932bd16c";

}  // namespace

TEST_CASE("the vectors of RFC 7914 match, and nothing beside them") {
  Fixture fixture;
  CHECK(fixture.match("password", kPassword1024) == "yes");
  CHECK(fixture.match("passwore", kPassword1024) == "no");
  CHECK(fixture.match("pleaseletmein", kPleaseLetMeIn) == "yes");
  CHECK(fixture.match("", kPleaseLetMeIn) == "no");
}

TEST_CASE("a hash names its salt and cost, is new each time, and matches its own password alone") {
  Fixture fixture;
  const auto first = fixture.hasher.hash("correct horse");
  const auto second = fixture.hasher.hash("correct horse");
  REQUIRE((first && second));
  CHECK(first->starts_with("scrypt$ln=14,r=8,p=1$"));
  CHECK(*first != *second);
  CHECK(first->find("horse") == std::string::npos);
  for (const auto* hash : {&*first, &*second}) {
    CHECK(fixture.match("correct horse", *hash) == "yes");
    CHECK(fixture.match("Correct horse", *hash) == "no");
  }
  const std::string odd("\0 \xC3\xBC\xFF", 5);
  const auto bytes = fixture.hasher.hash(odd);
  REQUIRE(bytes);
  CHECK(fixture.match(odd, *bytes) == "yes");
  CHECK(fixture.match("", *bytes) == "no");
}

TEST_CASE("a password that Neo4j has exported matches, whichever way its digits are written") {
  Fixture fixture;
  CHECK(fixture.match("neo4j", kExported) == "yes");
  CHECK(fixture.match("neo4J", kExported) == "no");
  std::string upper = kExported;
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c);
  CHECK(fixture.match("neo4j", upper) == "yes");
  // SHA-256 of "abc" (FIPS 180-4): the salt "ab" stands before the password "c".
  const std::string one_round = "0,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad,6162";
  CHECK(fixture.match("c", one_round) == "yes");
  CHECK(fixture.match("ab", one_round) == "no");
  CHECK(fixture.match("c", '1' + one_round.substr(1)) == "no");
}

TEST_CASE("what is not exactly a hash is none") {
  Fixture fixture;
  const std::string good = kPleaseLetMeIn;
  const std::string exported = kExported;
  const auto with = [](std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string hash64(64, 'a');
  const std::string texts[] = {
      "", "$", "scrypt", "secret", "scrypt$$$", "scrypt$ln=14,r=8,p=1$$", good + "$", good + " ", " " + good, good.substr(0, good.size() - 4),
      good + "AAAA", with(good, "scrypt", "Scrypt"), with(good, "ln=14", "ln=014"), with(good, "ln=14", "ln=+4"), with(good, "ln=14", "ln="),
      with(good, "ln=14", "ln=0"), with(good, "r=8", "r=0"), with(good, "p=1", "p=0"), with(good, "p=1", "p=1,x=1"), with(good, "p=1", "p=-1"),
      with(good, "r=8,p=1", "p=1,r=8"), with(good, "ln=14", "ln= 14"), with(good, "U29k", "U2!k"), with(good, "ZGU=", "ZGV="),
      with(good, "ZGU=", "ZG=U"), with(good, "$U29kaXVtQ2hsb3JpZGU=$", "$$"), with(good, "$U29kaXVtQ2hsb3JpZGU=$", "$\nU29kaXVtQ2hsb3JpZGU=$"),
      with(good, "$U29kaXVtQ2hsb3JpZGU=$", "$" + std::string(92, 'A') + "$"), "scrypt$ln=14,r=8,p=1$U29kaXVt$AAAA",
      good.substr(0, good.find("$cCO") + 1) + std::string(60, 'A') + "AAA=",
      "2" + exported.substr(1), exported.substr(1), exported + ",", exported + "a", exported + ",ab", "1," + hash64 + ",", "1," + hash64 + ",a",
      "1," + hash64 + ",ag", "1," + hash64.substr(2) + ",ab", "1," + hash64 + "aa,ab", "1," + hash64 + "," + std::string(130, 'a'),
      "1,," + hash64, std::string("1,") + std::string(100'000, ',')};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 200));
    CHECK(fixture.match("pleaseletmein", text) == "error");
  }
}

TEST_CASE("a cost that would take all memory or all day is refused") {
  Fixture fixture;
  const std::string good = kPleaseLetMeIn;
  const std::string rest = good.substr(good.find("$U29"));
  for (const char* cost : {"ln=17,r=8,p=1", "ln=30,r=1,p=1", "ln=63,r=8,p=1", "ln=64,r=8,p=1", "ln=99,r=99,p=99", "ln=14,r=33,p=1", "ln=14,r=8,p=9",
                           "ln=10,r=32,p=33"}) {
    CAPTURE(cost);
    CHECK(fixture.match("pleaseletmein", std::string("scrypt$") + cost + rest) == "error");
  }
  CHECK(fixture.hasher.is_hash("scrypt$ln=16,r=8,p=2" + rest));
  CHECK(fixture.match("pleaseletmein", "scrypt$ln=16,r=8,p=1" + rest) == "no");
}

TEST_CASE("a fingerprint is the same for the same password, in one process alone") {
  test::SeededRandom random{11};
  ScryptHasher here(random);
  ScryptHasher elsewhere(random);
  CHECK(here.fingerprint("secret") == here.fingerprint("secret"));
  CHECK(here.fingerprint("secret") != here.fingerprint("secres"));
  CHECK(here.fingerprint("secret") != elsewhere.fingerprint("secret"));
  CHECK(here.fingerprint("").size() == 32);
}

TEST_CASE("many who log in at once get their answer or are told to wait; none gets another's") {
  Fixture fixture;
  const auto hash = fixture.hasher.hash("right");
  REQUIRE(hash);
  constexpr int kThreads = 4 * ScryptHasher::kWaitingMax;
  std::atomic<int> wrong{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int at = 0; at < kThreads; ++at) {
    threads.emplace_back([&fixture, &hash, &wrong, &answered, at] {
      const bool is_right = at % 2 == 0;
      const auto matched = fixture.hasher.matches(is_right ? "right" : "wrong", *hash);
      if (matched) ++answered;
      if (matched ? *matched != is_right : matched.error().code != ErrorCode::TooManyRequests) ++wrong;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(answered >= 1);
  CHECK(fixture.match("right", *hash) == "yes");  // They have all left.
}
